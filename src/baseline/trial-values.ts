import type { MetricName } from '../gate/metric.js';
import { isLowerBound } from '../results/distribution.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { latencyPhase, loadedPhase } from '../figures/trial-phases.js';

/** Where a stored trial has a metric of the gate. */
interface Source {
  /** null where it does not have it. */
  readonly value: (trial: TrialResult) => number | null | undefined;
  /** Why the value is not known exactly, if it is not. */
  readonly whyBound?: (trial: TrialResult) => string | null;
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
  p50: percentile('p50'),
  p99: percentile('p99'),
  rssIdle: { value: ({ server }) => server?.rssIdleBytes, phases: holds },
  rssPeak: { value: ({ server }) => server?.rssPeakBytes, phases: loaded },
  bytesPerConnection: { value: ({ server }) => server?.bytesPerConnection?.slope, phases: holds },
  startup: { value: ({ server }) => server?.startupMs, phases: () => [] },
};

function percentile(name: 'p50' | 'p99'): Source {
  return {
    value: ({ latencyUs }) => latencyUs?.[name],
    whyBound: ({ latencyUs }) =>
      latencyUs !== null && isLowerBound(latencyUs, name)
        ? `it is only known to be at least so much, since ${latencyUs.censored} requests were not answered`
        : null,
    phases: timed,
  };
}

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
  const { value, whyBound, phases } = sources[metric];
  const values: number[] = [];
  /** By code: messages of one code differ in a number only. */
  const reasons = new Map<string, string>();
  for (const trial of trials) {
    const found = value(trial) ?? 0;
    const broken = phases(trial).filter(({ valid }) => !valid);
    const bound = whyBound?.(trial) ?? null;
    if (bound !== null) reasons.set('bound', bound);
    if (broken.length === 0 && found > 0 && bound === null) values.push(found);
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
