import { summarize } from '../../stats/sample.js';
import type { TrialResult } from '../../results/schema.js';
import type { Subject } from '../subject.js';

/** A figure of one trial; with its own interval where it has one. */
export interface Measured {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** One figure of one target over its trials. */
export interface Standing {
  readonly label: string;
  readonly median: number;
  /** Of all trials: a conclusion must hold for each, so no quartiles here. */
  readonly min: number;
  readonly max: number;
  /** false for a single trial whose figure has no interval of its own. */
  readonly spreadKnown: boolean;
}

export interface Ranking {
  /** The best, and all whose trials overlap with those of the best. */
  readonly leaders: readonly Standing[];
  /** The last, and all whose trials overlap with those of the last; none that lead. */
  readonly last: readonly Standing[];
  readonly spreadKnown: boolean;
}

export type FigureOf = (trial: TrialResult) => Measured | null;

/** null where no trial has the figure: those that are not valid are never ranked. */
export function standingOf(
  label: string,
  trials: readonly TrialResult[],
  figure: FigureOf,
): Standing | null {
  const found = trials.map(figure).filter((measured) => measured !== null);
  const sample = summarize(found.map(({ value }) => value));
  if (sample === null) return null;
  const { median, min, max, count } = sample;
  if (count > 1) return { label, median, min, max, spreadKnown: true };
  const { value, low, high } = found[0]!;
  const spreadKnown = low !== undefined && high !== undefined;
  return { label, median, min: low ?? value, max: high ?? value, spreadKnown };
}

/** Who is best in a figure; null where fewer than two targets have it. */
export function rank(
  subjects: readonly Subject[],
  better: 'higher' | 'lower',
  figure: FigureOf,
  trialsOf: (subject: Subject) => readonly TrialResult[] = ({ plain }) => plain,
): Ranking | null {
  const standings = subjects
    .map((subject) => standingOf(subject.label, trialsOf(subject), figure))
    .filter((standing) => standing !== null)
    .sort((a, b) => (better === 'higher' ? b.median - a.median : a.median - b.median));
  if (standings.length < 2) return null;
  const leaders = standings.filter((standing) => overlap(standing, standings[0]!));
  const rest = standings.filter((standing) => !leaders.includes(standing));
  return {
    leaders,
    last: rest.filter((standing) => overlap(standing, rest.at(-1)!)),
    spreadKnown: standings.every(({ spreadKnown }) => spreadKnown),
  };
}

export function overlap(a: Standing, b: Standing): boolean {
  return a.min <= b.max && a.max >= b.min;
}
