import type { MetricName } from '../gate/metric.js';
import type { PhaseKind, PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';

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
    phases: loadedPhase,
  },
  cpuUsPerRequest: { value: ({ server }) => server?.cpuUsPerRequest, phases: loadedPhase },
  instructionsPerRequest: { value: () => null, phases: loadedPhase },
  p50: { value: ({ latencyUs }) => latencyUs?.p50, phases: latencyPhase },
  p99: { value: ({ latencyUs }) => latencyUs?.p99, phases: latencyPhase },
  rssIdle: { value: ({ server }) => server?.rssIdleBytes, phases: holds },
  rssPeak: { value: ({ server }) => server?.rssPeakBytes, phases: loadedPhase },
  bytesPerConnection: { value: ({ server }) => server?.bytesPerConnection?.slope, phases: holds },
  startup: { value: ({ server }) => server?.startupMs, phases: () => [] },
};

/** As a trial's own figures are chosen: those of its last throughput phase, or else of the last one. */
function loadedPhase({ phases }: TrialResult): readonly PhaseResult[] {
  return lastOf(phases, 'throughput') ?? phases.slice(-1);
}

function latencyPhase(trial: TrialResult): readonly PhaseResult[] {
  return lastOf(trial.phases, 'latency') ?? loadedPhase(trial);
}

function holds({ phases }: TrialResult): readonly PhaseResult[] {
  return phases.filter(({ kind }) => kind === 'idle');
}

function lastOf(phases: readonly PhaseResult[], wanted: PhaseKind): PhaseResult[] | null {
  const last = phases.findLast(({ kind }) => kind === wanted);
  return last === undefined ? null : [last];
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
