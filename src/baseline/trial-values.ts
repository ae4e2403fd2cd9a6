import { phasesBehind, readTrial, trusted } from '../figures/reading.js';
import { figures } from '../figures/table.js';
import type { MetricName } from '../gate/metric.js';
import type { TrialResult } from '../results/schema.js';

/** What trials say of one metric. */
interface TrialValues {
  /** Of each trial in which it is valid, and above 0: nothing else makes a ratio. */
  readonly values: readonly number[];
  /** Why it is missing from others, if anything is known. */
  readonly reasons: readonly string[];
}

export function trialValues(metric: MetricName, trials: readonly TrialResult[]): TrialValues {
  // Instructions are counted by the duet only.
  const figure = figures.get(metric);
  if (figure === undefined) return { values: [], reasons: [] };
  const values: number[] = [];
  /** By code: messages of one code differ in a number only. */
  const reasons = new Map<string, string>();
  for (const trial of trials) {
    const reading = readTrial(figure, trial);
    const value = trusted(reading) ?? 0;
    const unanswered = reading?.unanswered ?? 0;
    if (unanswered > 0) {
      const reason = `it is only known to be at least so much, since ${unanswered} requests were not answered`;
      reasons.set('unanswered', reason);
    } else if (value > 0) {
      values.push(value);
    }
    const broken = phasesBehind(figure, trial).filter(({ valid }) => !valid);
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
