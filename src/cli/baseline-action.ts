import { storedAllowances } from '../baseline/allowed.js';
import { gateAgainstStored } from '../baseline/gate.js';
import { readCpuFlags } from '../config/cpu-flags.js';
import { FlagReader } from '../config/flag-reader.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { openScenario } from '../config/scenario-catalog.js';
import { parseCount } from '../basis/units.js';
import { allowedChanges } from '../gate/allowance-flag.js';
import type { GatePurpose } from '../results/gate.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { kindOfPlace } from '../process/place-kind.js';
import { readTarget } from '../targets/catalog.js';
import { compareProgress } from './compare-progress.js';
import { detectFlag } from './detect-flag.js';
import type { GateFlags } from './gate-flags.js';
import { reportGate } from './gate-output.js';
import type { Outcome } from './outcome.js';

/** What only two builds that run at once can be asked. */
const ofTheDuet = {
  ...{ base: '--base', head: '--head', baseCommand: '--base-command' },
  ...{ headCommand: '--head-command', baseTarget: '--base-target', headTarget: '--head-target' },
  ...{ baseUrl: '--base-url', headUrl: '--head-url', path: '--path', budget: '--budget' },
  ...{ connections: '--connections', rate: '--rate', stream: '--stream' },
} as const;

/** `c1m gate --baseline`: measures a target now, and compares it with a stored result. */
export async function baselineAction(
  baseline: string,
  place: string | undefined,
  flags: GateFlags,
  purpose: GatePurpose,
  signal: AbortSignal,
): Promise<Outcome> {
  refuseOthers(flags);
  const problems: Problem[] = [];
  const flag = new FlagReader(problems);
  const trials = flag.read('--trials', flags.trials, parseCount);
  const cpus = readCpuFlags(flags, readAllowedCpus(), problems);
  flag.end();
  const allowed = allowedChanges(flags.allow ?? [], storedAllowances);
  const detect = detectFlag(flags, allowed);
  const isFolder = place !== undefined && kindOfPlace(place) === 'folder';
  const named = isFolder ? (await readTarget(place)).manifest.name : (place ?? null);
  const scenario = flags.scenario === undefined ? null : await openScenario(flags.scenario);
  const progress = compareProgress(flags);
  const result = await gateAgainstStored(
    {
      baseline,
      purpose,
      target: named,
      targetFolders: isFolder ? [place] : [],
      ...{ scenario, allowed, detect, trials, cpus },
      observer: progress.observer,
    },
    signal,
  ).finally(() => progress.close());
  return reportGate(result, flags);
}

function refuseOthers(flags: GateFlags): void {
  const problems = Object.entries(ofTheDuet).flatMap(([key, where]): Problem[] => {
    if (flags[key as keyof typeof ofTheDuet] === undefined) return [];
    const message = `${where} and --baseline exclude each other`;
    return [{ where, message, remedy: 'With --baseline the load is that of the stored result.' }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
