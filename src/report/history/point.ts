import type { PhaseResult } from '../../results/figures.js';
import type { RunResult, TrialResult } from '../../results/schema.js';
import { trusted, type Reading } from '../../figures/reading.js';
import { summarize } from '../../stats/sample.js';
import type { HistoryMetric } from './metrics.js';

/** What one result says of a target. */
export interface Point {
  readonly result: RunResult;
  /** The median of its valid trials; null where none has it. */
  readonly value: number | null;
  /** Of those trials. */
  readonly low: number | null;
  readonly high: number | null;
  readonly trials: { readonly valid: number; readonly all: number };
  /** `invalid`: it was measured, but cannot be trusted. `absent`: it holds no such figure. */
  readonly state: 'valid' | 'invalid' | 'absent';
  /** Why there is no value, or what to know of it; may be empty. */
  readonly note: string;
}

/** null where the result is not about this target. */
export function pointOf(result: RunResult, name: string, metric: HistoryMetric): Point | null {
  const target = result.targets.find((each) => each.name === name);
  const failure = result.failures.find((each) => each.name === name);
  if (target === undefined && failure === undefined) return null;
  const all = target?.trials ?? [];
  const trials = all.filter(({ traced }) => traced === (metric.watched === true));
  const readings = trials.flatMap((trial) => metric.reading(trial) ?? []);
  const values = readings.flatMap((reading) => trusted(reading) ?? []);
  const sample = summarize(values);
  const counts = { valid: values.length, all: trials.length };
  if (sample !== null) {
    const { median: value, min: low, max: high } = sample;
    const note = noteOf(readings, counts);
    return { result, value, low, high, trials: counts, state: 'valid', note };
  }
  const reason = trials.map(whyInvalid).find((each) => each !== null) ?? failure?.reason;
  return {
    result,
    value: null,
    low: null,
    high: null,
    trials: counts,
    state: reason === undefined ? 'absent' : 'invalid',
    note: reason ?? whyAbsent(metric, all, trials),
  };
}

function noteOf(readings: readonly Reading[], { valid, all }: Point['trials']): string {
  const isOpen = readings.some(({ unanswered }) => unanswered > 0);
  const isLate = readings.some(({ bound }) => bound === 'at-most');
  return [
    valid < all ? `${all - valid} of ${all} trials not valid` : '',
    isOpen ? '≥: requests were not answered, so it may be higher' : '',
    isLate ? '≤: c1m itself was late in that share of the sends' : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function whyInvalid({ valid, complete, phases }: TrialResult): string | null {
  const bad: PhaseResult | undefined = phases.find((phase) => !phase.valid);
  if (bad !== undefined) return bad.warnings[0]?.message ?? `${bad.name} is not valid`;
  if (!complete) return 'It was interrupted';
  return valid ? null : 'It is not valid';
}

function whyAbsent(
  { watched, label }: HistoryMetric,
  all: readonly TrialResult[],
  trials: readonly TrialResult[],
): string {
  if (all.length > 0 && trials.length === 0) {
    return watched === true
      ? 'It was not watched with --sched'
      : 'It was watched with --sched, which costs throughput';
  }
  return `It has no ${label}`;
}
