import type { Distribution } from '../results/distribution.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { Subject } from './subject.js';

/** A recorded phase with where it belongs: what machine-readable reports have a line for. */
export interface PhaseRow {
  readonly subject: Subject;
  readonly trial: TrialResult;
  readonly phase: PhaseResult;
  /** Its place among the trial's phases, from 0: two may have one name. */
  readonly place: number;
}

export function phaseRows(subjects: readonly Subject[]): PhaseRow[] {
  return subjects.flatMap((subject) =>
    subject.target.trials.flatMap((trial) =>
      trial.phases.map((phase, place) => ({ subject, trial, phase, place })),
    ),
  );
}

/** What a distribution is reported by, with its share of the requests. */
export const quantiles = [
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
] as const satisfies readonly (readonly [keyof Distribution, number])[];
