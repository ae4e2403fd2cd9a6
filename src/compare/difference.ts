import { hodgesLehmann, walshAverages } from '../stats/hodges-lehmann.js';
import { holm } from '../stats/holm.js';
import { median } from '../stats/sample.js';
import { signedRankProbability } from '../stats/signed-rank-probability.js';
import { meanRatio } from '../stats/welch.js';

/**
 * A target with one figure of each of its trials, at least one; a trial is a process of its own. Or of
 * each of its turns, which are those of the other targets' in the same order.
 */
export interface Contestant {
  readonly label: string;
  readonly values: readonly number[];
}

/** What a difference must be to count, beside significant. */
export interface Bar {
  readonly better: 'higher' | 'lower';
  /** In the figure's unit: more than that. */
  readonly resolution: number;
  /** More than the share by which a target differs from itself; null where that is not known. */
  readonly noiseFloor: number | null;
  /** The values are of turns: what changed on the host from turn to turn changed for all. */
  readonly byTurns?: boolean;
}

/** A proven one: how many times the figure of the better is that of the worse. */
interface Difference {
  readonly better: Contestant;
  readonly worse: Contestant;
}

/** The probability at which one or more of the pairs are said to differ that do not. */
const level = 0.05;

/**
 * Which of some pairs are proven to differ: where Welch's test says so, or for turns Wilcoxon's
 * signed-rank test, corrected by Holm for the number of pairs, and the difference is above the noise
 * floor and the resolution.
 */
export function provenDifferences(
  pairs: readonly (readonly [Contestant, Contestant])[],
  bar: Bar,
): Difference[] {
  const tested = pairs.flatMap(([a, b]) => (bar.byTurns ? turns(a, b) : trials(a, b)) ?? []);
  const rejected = holm(tested, ({ probability }, divisor) => probability <= level / divisor);
  return [...rejected.keys()]
    .filter((pair) => isLarge(pair, bar))
    .map(({ a, b, ratio }) =>
      ratio > 1 === (bar.better === 'higher') ? { better: a, worse: b } : { better: b, worse: a },
    );
}

/** How far two are apart, and how likely it is that they would be were there no difference. */
interface Tested {
  readonly a: Contestant;
  readonly b: Contestant;
  readonly ratio: number;
  readonly difference: number;
  readonly probability: number;
}

function trials(a: Contestant, b: Contestant): Tested | null {
  const found = meanRatio(a.values, b.values);
  return found && { a, b, ...found, difference: median(a.values) - median(b.values) };
}

function turns(a: Contestant, b: Contestant): Tested {
  const differences = a.values.map((value, turn) => value - b.values[turn]!);
  const ratios = a.values.map((value, turn) => Math.log(value / b.values[turn]!));
  return {
    ...{ a, b },
    ratio: Math.exp(hodgesLehmann(walshAverages(ratios))),
    difference: hodgesLehmann(walshAverages(differences)),
    probability: signedRankProbability(differences),
  };
}

function isLarge({ ratio, difference }: Tested, { resolution, noiseFloor }: Bar): boolean {
  if (Math.abs(Math.log(ratio)) <= Math.log1p(noiseFloor ?? 0)) return false;
  return Math.abs(difference) > resolution;
}
