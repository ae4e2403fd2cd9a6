import { isLagBound } from '../figures/validity.js';
import { isLowerBound } from '../results/distribution.js';
import type { PhaseKind, PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { lastPhase } from '../figures/trial-phases.js';

/** A figure that targets are compared by. */
export interface Measure {
  readonly better: 'higher' | 'lower';
  /** null where the trial lacks it, or the phase that it is of is not valid. */
  readonly value: (trial: TrialResult) => number | null;
  /** In the figure's unit: no smaller difference can be seen, since it is measured in such steps. */
  readonly resolution: number;
}

/** One that c1m calibrate finds a noise floor for. */
interface Metric extends Measure {
  readonly name: MetricName;
}

export const metricNames = [
  'requestsPerSecond',
  'p50Us',
  'p99Us',
  'rssIdleBytes',
  'rssPeakBytes',
  'bytesPerConnection',
  'cpuUsPerRequest',
  'startupMs',
] as const;
export type MetricName = (typeof metricNames)[number];

export const metrics: Readonly<Record<MetricName, Metric>> = {
  requestsPerSecond: {
    name: 'requestsPerSecond',
    better: 'higher',
    value: throughput,
    resolution: 0,
  },
  // Histograms hold whole microseconds.
  p50Us: {
    name: 'p50Us',
    better: 'lower',
    value: (trial) => latency(trial)?.p50 ?? null,
    resolution: 1,
  },
  p99Us: {
    name: 'p99Us',
    better: 'lower',
    value: (trial) => latency(trial)?.p99 ?? null,
    resolution: 1,
  },
  rssIdleBytes: {
    name: 'rssIdleBytes',
    better: 'lower',
    value: (trial) => (holdsAreValid(trial) ? (trial.server?.rssIdleBytes ?? null) : null),
    resolution: 0,
  },
  // The kernel counts it per CPU, in batches.
  rssPeakBytes: {
    name: 'rssPeakBytes',
    better: 'lower',
    value: (trial) => (trial.valid ? (trial.server?.rssPeakBytes ?? null) : null),
    resolution: 128 * 1024,
  },
  bytesPerConnection: {
    name: 'bytesPerConnection',
    better: 'lower',
    value: (trial) =>
      holdsAreValid(trial) ? (trial.server?.bytesPerConnection?.slope ?? null) : null,
    resolution: 0,
  },
  cpuUsPerRequest: {
    name: 'cpuUsPerRequest',
    better: 'lower',
    value: (trial) => validPhase(trial, 'throughput')?.server?.cpuUsPerRequest ?? null,
    resolution: 0,
  },
  // A target is asked every millisecond whether it is up.
  startupMs: {
    name: 'startupMs',
    better: 'lower',
    value: (trial) => (trial.complete ? (trial.server?.startupMs ?? null) : null),
    resolution: 1,
  },
};

/** Whether a percentile of a trial says more of c1m than of the target. */
export function lagsAt(percentile: 'p99' | 'p999', trial: TrialResult): boolean {
  const phase = lastPhase(trial, 'latency');
  if (phase === undefined) return false;
  return isLagBound(percentile, phase.latencyUs, phase.generator.pacingLagUs);
}

/** Whether a percentile of a trial is only known to be at least so much: requests were not answered. */
export function isBoundBelow(percentile: 'p50' | 'p99', trial: TrialResult): boolean {
  return isLowerBound(latency(trial), percentile);
}

/** null also where only a bound is known. */
export function exactValue(name: MetricName, trial: TrialResult): number | null {
  if (name === 'p50Us' && isBoundBelow('p50', trial)) return null;
  if (name === 'p99Us' && isBoundBelow('p99', trial)) return null;
  return metrics[name].value(trial);
}

/** Latencies are comparable at one rate only, in requests/s; null where there is none. */
export function commonRate(trials: readonly TrialResult[]): number | null {
  const rates = new Set(
    trials.flatMap((trial) => lastPhase(trial, 'latency')?.load.offeredPerSecond ?? []),
  );
  return rates.size === 1 ? [...rates][0]! : null;
}

/** Only of a closed load: with a rate, all make what was asked for. */
function throughput(trial: TrialResult): number | null {
  const phase = validPhase(trial, 'throughput');
  return phase === null || phase.load.lowerBound ? null : phase.load.requestsPerSecond;
}

function latency(trial: TrialResult): PhaseResult['latencyUs'] {
  return validPhase(trial, 'latency')?.latencyUs ?? null;
}

/** The last of its kind, if its figures can be trusted. */
export function validPhase(trial: TrialResult, kind: PhaseKind): PhaseResult | null {
  const phase = lastPhase(trial, kind);
  return phase?.valid === true ? phase : null;
}

function holdsAreValid({ phases }: TrialResult): boolean {
  return phases.every((phase) => phase.kind !== 'idle' || phase.valid);
}
