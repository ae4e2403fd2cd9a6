import { fewestPairs, noiseShares } from '../compare/noise-floor.js';
import { noCpusAsked } from '../config/cpu-flags.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import { openScenario } from '../config/scenario-catalog.js';
import { compare } from '../experiment/compare.js';
import { readTargets } from '../subject/words.js';
import { keepNoiseFloor } from '../store/calibration.js';
import type { NoiseFloor } from '../results/noise-floor.js';

/** It can be started wherever c1m can. */
const target = 'node-http';
const load = 'compare-quick';

interface NoiseObserver {
  /** A trial of the target begins; `index` counts from 0. */
  trial(target: string, index: number, of: number): void;
}

/**
 * Measures how much a target seems to differ from itself on this host: as `c1m compare` measures two
 * targets by turns, each time in a fresh process, but one and the same. Keeps it, and returns it; null
 * where it was interrupted, which keeps nothing.
 * @param pairs at least `fewestPairs`
 */
export async function measureNoise(
  pairs: number,
  observer: NoiseObserver,
  signal: AbortSignal,
): Promise<NoiseFloor | null> {
  const scenario = await openScenario(load);
  const request = {
    subjects: await readTargets([target], [], scenario),
    scenario,
    trials: 2 * pairs,
    sched: 'off',
    cpus: noCpusAsked,
    memoryLimit: defaultMemoryLimit,
  } as const;
  const result = await compare(request, observer, signal);
  if (signal.aborted) return null;
  const [failure] = [...result.failures, ...result.skipped];
  if (failure !== undefined) {
    throw new Error(`No noise floor: ${target} failed: ${failure.reason}\n${failure.remedy}`);
  }
  const shares = noiseShares(result.targets[0]!.trials);
  if (Object.values(shares).every((share) => share === null)) {
    throw new Error(
      `No noise floor: fewer than ${fewestPairs} pairs of trials of ${target} were valid. Try again when this machine is less busy.`,
    );
  }
  const measuredAt = new Date().toISOString();
  const floor: NoiseFloor = { target, scenario: load, pairs, measuredAt, shares };
  keepNoiseFloor(floor);
  return floor;
}
