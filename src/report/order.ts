import type { Bar } from '../compare/bar.js';
import { commonRate, hasFloor, type RankedName } from '../compare/compared.js';
import type { Contestant } from '../compare/contestant.js';
import { provenDifferences } from '../compare/difference.js';
import { figureFloor } from '../compare/noise-floor.js';
import { rank, type Ranking } from '../compare/ranking.js';
import type { Bound } from '../figures/figure.js';
import { readTrial, trustedValue } from '../figures/reading.js';
import { figureNamed } from '../figures/table.js';
import { inUnit } from '../figures/unit-words.js';
import { lastPhase } from '../figures/trial-phases.js';
import type { RunResult, TrialResult } from '../results/schema.js';
import { logSample } from '../stats/log-sample.js';
import { unitOfSubjects, type Subject } from './subject.js';

/** What is decided of a figure: tables, conclusions and pages all say this and nothing else. */
type Order =
  | { readonly ranking: Ranking; readonly unranked?: never }
  | { readonly ranking: null; readonly unranked: string };

/** Another figure than those with a noise floor, of other trials than the usual. */
export interface Custom {
  readonly better: 'higher' | 'lower';
  /** In the figure's unit: no smaller difference can be seen. */
  readonly resolution: number;
  /** null where the trial lacks it, or it cannot be trusted. */
  readonly value: (trial: TrialResult) => number | null;
  readonly trialsOf: (subject: Subject) => readonly TrialResult[];
  /** Where it was measured by turns with the others: its values by the turn. */
  readonly turnsOf: (subject: Subject) => ReadonlyMap<string, number>;
}

/** Of the targets of one result; null where fewer than two have the figure. */
export function orderOf(figure: RankedName | Custom, subjects: readonly Subject[]): Order | null {
  const turners = typeof figure === 'string' ? [] : turnersOf(figure, subjects);
  if (turners.length > 1) {
    return { ranking: rank(turners, { ...barOf(figure, []), byTurns: true }) };
  }
  const contestants = subjects.flatMap((subject) => contestantOf(figure, subject) ?? []);
  if (contestants.length < 2 || !isComparable(figure, subjects)) return null;
  const unranked = whyUnranked(figure, subjects);
  if (unranked !== null) return { ranking: null, unranked };
  const results = subjects.map(({ result }) => result);
  return { ranking: rank(contestants, barOf(figure, results)) };
}

/** A target in the first and in the last of several results. */
export interface Change {
  readonly name: string;
  readonly before: Contestant;
  readonly after: Contestant;
  /** How many times the last is the first; null where one has a single trial. */
  readonly ratio: number | null;
  readonly proven: 'better' | 'worse' | null;
}

/** Each target against itself; null where none has the figure in both results. */
export function changesOf(
  figure: RankedName | Custom,
  results: readonly RunResult[],
  subjects: readonly Subject[],
): { readonly changes: readonly Change[]; readonly unranked: string | null } | null {
  const [first, last] = [results[0]!, results.at(-1)!];
  const compared = subjects.filter(({ result }) => result === first || result === last);
  if (!isComparable(figure, compared)) return null;
  const pairs = compared
    .filter(({ result }) => result === first)
    .flatMap((subject) => {
      const other = compared.find(
        ({ result, target }) => result === last && target.name === subject.target.name,
      );
      const before = contestantOf(figure, subject);
      const after = other === undefined ? null : contestantOf(figure, other);
      return before === null || after === null
        ? []
        : [{ name: subject.target.name, before, after }];
    });
  if (pairs.length === 0) return null;
  const differences = provenDifferences(
    pairs.map(({ before, after }) => [before, after] as const),
    barOf(figure, [first, last]),
  );
  const changes = pairs.map((pair): Change => {
    const better = differences.some(({ better }) => better === pair.after);
    const worse = differences.some(({ worse }) => worse === pair.after);
    return {
      ...pair,
      ratio: changeRatio(pair),
      proven: better ? 'better' : worse ? 'worse' : null,
    };
  });
  return { changes, unranked: whyUnranked(figure, compared) };
}

function changeRatio({ before, after }: Pick<Change, 'before' | 'after'>): number | null {
  const [now, then] = [logSample(after.values), logSample(before.values)];
  return now === null || then === null ? null : Math.exp(now.mean - then.mean);
}

function contestantOf(figure: RankedName | Custom, subject: Subject): Contestant | null {
  const values = valuesOf(figure, subject);
  return values.length === 0 ? null : { label: subject.label, values };
}

function valuesOf(figure: RankedName | Custom, subject: Subject): number[] {
  if (typeof figure !== 'string') {
    return figure.trialsOf(subject).flatMap((trial) => figure.value(trial) ?? []);
  }
  // A trial that was cut short before its phase with a rate has the latency of another load.
  const paced = subject.plain.filter((trial) => lastPhase(trial, 'latency') !== undefined);
  const trials = isLatency(figure) || (isWait(figure) && paced.length > 0) ? paced : subject.plain;
  return trials.flatMap((trial) => trustedValue(figureNamed(figure), trial) ?? []);
}

/** Those that took turns, with their values in the turns of all of them. */
function turnersOf({ turnsOf }: Custom, subjects: readonly Subject[]): Contestant[] {
  const each = subjects
    .map((subject) => ({ label: subject.label, turns: turnsOf(subject) }))
    .filter(({ turns }) => turns.size > 0);
  const common = [...(each[0]?.turns.keys() ?? [])].filter((turn) =>
    each.every(({ turns }) => turns.has(turn)),
  );
  if (common.length === 0) return [];
  return each.map(({ label, turns }) => ({
    label,
    values: common.map((turn) => turns.get(turn)!),
  }));
}

function barOf(figure: RankedName | Custom, results: readonly RunResult[]): Bar {
  const { better, resolution } = typeof figure === 'string' ? figureNamed(figure) : figure;
  const floors =
    typeof figure === 'string' && hasFloor(figure)
      ? results.flatMap(({ noiseFloor }) => (noiseFloor && figureFloor(noiseFloor, figure)) ?? [])
      : [];
  const [highest = null] = floors.sort((a, b) => b.share - a.share);
  return { better, resolution, noiseFloor: highest };
}

function isLatency(figure: RankedName | Custom): figure is 'p50' | 'p99' {
  return figure === 'p50' || figure === 'p99';
}

/** Of a stream of events: it says something of closed loads as well, where all have the same. */
function isWait(figure: RankedName | Custom): figure is RankedName {
  return typeof figure === 'string' && /^(firstEvent|betweenEvents)\./.test(figure);
}

/** At rates of their own, how long they took says little. */
function isComparable(figure: RankedName | Custom, subjects: readonly Subject[]): boolean {
  const plain = subjects.flatMap((subject) => subject.plain);
  if (isLatency(figure)) return commonRate(plain) !== null;
  const isPaced = plain.some((trial) => lastPhase(trial, 'latency') !== undefined);
  return !isWait(figure) || !isPaced || commonRate(plain) !== null;
}

function whyUnranked(figure: RankedName | Custom, subjects: readonly Subject[]): string | null {
  if (!isLatency(figure) && !isWait(figure)) return null;
  const name = isWait(figure) ? figureNamed(figure).label : figure;
  const bounded = (bound: Bound): number =>
    subjects.filter(({ plain }) =>
      plain.some((trial) => readTrial(figureNamed(figure), trial)?.bound === bound),
    ).length;
  const open = bounded('at-least');
  if (open > 0) {
    return `Not ranked: for ${open} of ${subjects.length} targets ${inUnit('requests', unitOfSubjects(subjects))} were not answered, so their ${name} is only known to be at least what the table shows (≥).`;
  }
  const late = bounded('at-most');
  if (late === 0) return null;
  return `Not ranked: for ${late} of ${subjects.length} targets c1m itself was late in that share of the sends, so their ${name} is only known to be at most what the table shows (≤).`;
}
