import type { Ramp } from '../basis/ramp.js';
import { nothingAsked } from '../config/asked-load.js';
import { settleRun } from '../config/run-request.js';
import { run, silent } from '../experiment/run.js';
import type { TrialResult } from '../results/schema.js';
import type { EngineName } from '../load/plan.js';
import { readAllowedCpus, splitCpus } from '../measure/cpus.js';
import type { Ceiling } from '../results/calibration.js';
import { urlSubject } from '../subject/words.js';
import { keepCeiling } from '../store/calibration.js';
import { startNullProcess } from './null-process.js';

/** As `c1m compare` has: enough to keep one core busy, few enough not to leave its cache. */
const connections = 64;
const closedTrials = 3;
/** Of the ceiling. */
const shares = [0.1, 0.25, 0.5, 0.75, 0.9];

interface CalibrateObserver {
  /** What is measured now. */
  step(engine: EngineName, threads: number, what: string): void;
}

/**
 * Finds what this host's generator can do: for each engine and number of threads, the most requests
 * per second against `c1m serve` on the other CPUs, and how late it sends at shares of that. Each
 * ceiling is kept as soon as it is known. Aborting ends it with those.
 */
export async function* calibrate(
  engines: readonly EngineName[],
  threadCounts: readonly number[],
  durationMicros: number,
  observer: CalibrateObserver,
  signal: AbortSignal,
): AsyncGenerator<Ceiling> {
  const { load, target } = splitCpus(readAllowedCpus());
  const server = await startNullProcess(target);
  const subject = urlSubject([server.url], null);
  try {
    for (const engine of engines) {
      for (const threads of threadCounts) {
        const measure: Measure = async (what, rate) => {
          signal.throwIfAborted();
          observer.step(engine, threads, what);
          const asked = {
            ...nothingAsked,
            ...{ engine, threads, durationMicros, rate: rate === null ? null : steady(rate) },
            connections: steady(connections),
          };
          const settled = settleRun(asked, subject.urls, []);
          const cpus = { load, target: null };
          const how = { ...settled, cpus, sched: 'off', probe: false } as const;
          const { result } = await run(subject, how, silent, signal);
          signal.throwIfAborted();
          return result.targets[0]!.trials[0]!;
        };
        const ceiling = await measureCeiling(engine, threads, measure);
        keepCeiling(ceiling);
        yield ceiling;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await server.stop();
  }
}

/** @param rate requests per second; null: as many as are answered */
type Measure = (what: string, rate: number | null) => Promise<TrialResult>;

function steady(value: number): Ramp {
  return { from: value, to: value };
}

async function measureCeiling(
  engine: EngineName,
  threads: number,
  measure: Measure,
): Promise<Ceiling> {
  const trials: TrialResult[] = [];
  for (let index = 1; index <= closedTrials; index++) {
    trials.push(await measure(`as fast as it goes, ${index} of ${closedTrials}`, null));
  }
  // What disturbs a trial only takes away from it.
  trials.sort((a, b) => b.load.requestsPerSecond - a.load.requestsPerSecond);
  const { load, generator } = trials[0]!;
  const steps: Ceiling['steps'] = [];
  for (const share of shares) {
    const rate = Math.round(load.requestsPerSecond * share);
    const trial = await measure(`${rate} requests/s`, rate);
    const { p50 = 0, p99 = 0, p999 = 0 } = trial.sendDelayUs ?? {};
    steps.push({
      share,
      offeredPerSecond: rate,
      reachedPerSecond: trial.load.requestsPerSecond,
      sendDelayUs: { p50, p99, p999 },
    });
  }
  return {
    engine,
    threads,
    connections,
    requestsPerSecond: load.requestsPerSecond,
    cpuUsPerRequest: generator.cpuUsPerRequest,
    steps,
    measuredAt: new Date().toISOString(),
  };
}
