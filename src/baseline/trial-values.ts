import type { MetricName } from '../gate/metric.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { latencyPhase, loadedPhase } from '../results/trial-phases.js';

/** Where a stored trial has a metric of the gate. */
interface Source {
  /** null where it does not have it. */
  readonly value: (trial: TrialResult) => number | null | undefined;
  /** The phases that it is from: if one of them is not valid, neither is it. */
  readonly phases: (trial: TrialResult) => readonly PhaseResult[];
}

const sources: Readonly<Record<MetricName, Source>> = {
  requestsPerSecond: {
    // With a rate, requests/s is what was asked for.
    value: ({ load }) => (load.offeredPerSecond === null ? load.requestsPerSecond : null),
    phases: loaded,
  },
  cpuUsPerRequest: { value: ({ server }) => server?.cpuUsPerRequest, phases: loaded },
  instructionsPerRequest: { value: () => null, phases: loaded },
  p50: { value: ({ latencyUs }) => latencyUs?.p50, phases: timed },
  p99: { value: ({ latencyUs }) => latencyUs?.p99, phases: timed },
  rssIdle: { value: ({ server }) => server?.rssIdleBytes, phases: holds },
  rssPeak: { value: ({ server }) => server?.rssPeakBytes, phases: loaded },
  bytesPerConnection: { value: ({ server }) => server?.bytesPerConnection?.slope, phases: holds },
  startup: { value: ({ server }) => server?.startupMs, phases: () => [] },
};

function loaded(trial: TrialResult): readonly PhaseResult[] {
  return [loadedPhase(trial)].filter((phase) => phase !== undefined);
}

function timed(trial: TrialResult): readonly PhaseResult[] {
  return [latencyPhase(trial)].filter((phase) => phase !== undefined);
}

function holds({ phases }: TrialResult): readonly PhaseResult[] {
  return phases.filter(({ kind }) => kind === 'idle');
}

/** What trials say of one metric. */
interface TrialValues {
  /** Of each trial in which it is valid, and above 0: nothing else makes a ratio. */
  readonly values: readonly number[];
  /** Why it is missing from others, if anything is known. */
  readonly reasons: readonly string[];
}

export function trialValues(metric: MetricName, trials: readonly TrialResult[]): TrialValues {
  const { value, phases } = sources[metric];
  const values: number[] = [];
  /** By code: messages of one code differ in a number only. */
  const reasons = new Map<string, string>();
  for (const trial of trials) {
    const found = value(trial) ?? 0;
    const broken = phases(trial).filter(({ valid }) => !valid);
    if (broken.length === 0 && found > 0) values.push(found);
    for (const { code, message } of broken.flatMap(({ warnings }) => warnings)) {
      if (!reasons.has(code)) reasons.set(code, message);
    }
  }
  return { values, reasons: [...reasons.values()] };
}

/** What was watched is slower for it, and what was cut short lacks phases. */
export function comparableTrials(trials: readonly TrialResult[]): TrialResult[] {
  return trials.filter(
    ({ complete, traced, phases }) => complete && !traced && phases.some(({ valid }) => valid),
  );
}
