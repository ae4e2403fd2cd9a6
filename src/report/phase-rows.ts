import type { PhaseResult, RequestFigures } from '../results/figures.js';
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

/** One of the phase's several requests. */
export interface RequestRow extends PhaseRow {
  readonly request: RequestFigures;
}

export function phaseRows(subjects: readonly Subject[]): PhaseRow[] {
  return subjects.flatMap((subject) =>
    subject.target.trials.flatMap((trial) =>
      trial.phases.map((phase, place) => ({ subject, trial, phase, place })),
    ),
  );
}

export function requestRows(row: PhaseRow): RequestRow[] {
  return row.phase.requests.map((request) => ({ ...row, request }));
}
