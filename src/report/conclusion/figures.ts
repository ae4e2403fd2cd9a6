import { isLagBound } from '../../measure/validity.js';
import type { PhaseKind, PhaseResult } from '../../results/figures.js';
import type { TrialResult } from '../../results/schema.js';
import { schedulingSteps } from '../scheduling-table.js';
import type { Subject } from '../subject.js';
import type { Measured } from './ranking.js';

/** The figures that conclusions are drawn from: null where the phase they are of is not valid. */

export function lastPhase({ phases }: TrialResult, kind: PhaseKind): PhaseResult | undefined {
  return phases.findLast((phase) => phase.kind === kind);
}

/** Only of a closed load: with a rate, all make what was asked for. */
export function throughput(trial: TrialResult): Measured | null {
  const phase = lastPhase(trial, 'throughput');
  if (phase?.valid !== true || phase.load.lowerBound) return null;
  return { value: phase.load.requestsPerSecond };
}

/** What a distribution says of latency, beside its extremes. */
export type LatencyStatistic = 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999';

export function latency(trial: TrialResult, percentile: LatencyStatistic): Measured | null {
  return latencyIn(lastPhase(trial, 'latency'), percentile);
}

/** Says how fast a server is only beside its throughput: the faster, the more requests it is sent. */
export function closedLatency(trial: TrialResult, percentile: LatencyStatistic): Measured | null {
  return latencyIn(lastPhase(trial, 'throughput'), percentile);
}

function latencyIn(phase: PhaseResult | undefined, percentile: LatencyStatistic): Measured | null {
  if (phase?.valid !== true || phase.latencyUs === null) return null;
  return { value: phase.latencyUs[percentile] };
}

/** Whether a percentile of a trial says more of c1m than of the target. */
export function lagsAt(percentile: 'p99' | 'p999', trial: TrialResult): boolean {
  const phase = lastPhase(trial, 'latency');
  if (phase === undefined) return false;
  return isLagBound(percentile, phase.latencyUs, phase.generator.pacingLagUs);
}

export function bytesPerConnection({ phases, server }: TrialResult): Measured | null {
  const fit = server?.bytesPerConnection ?? null;
  const valid = phases.every((phase) => phase.kind !== 'idle' || phase.valid);
  return fit === null || !valid ? null : { value: fit.slope, low: fit.low, high: fit.high };
}

/** At the lowest load, where no request waits for another. */
export function schedulingDelay(trial: TrialResult): Measured | null {
  const [lowest] = schedulingSteps(trial);
  if (lowest?.valid !== true || lowest.server?.scheduling?.valid !== true) return null;
  const mean = lowest.server.schedulingDelayUs?.total.mean;
  return mean === undefined ? null : { value: mean };
}

/** Latencies are comparable at one rate only, in requests/s; null where there is none. */
export function commonRate(subjects: readonly Subject[]): number | null {
  const rates = new Set(
    subjects.flatMap(({ plain }) =>
      plain.flatMap((trial) => lastPhase(trial, 'latency')?.load.offeredPerSecond ?? []),
    ),
  );
  return rates.size === 1 ? [...rates][0]! : null;
}
