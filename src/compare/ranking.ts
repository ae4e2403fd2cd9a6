import { median } from '../stats/sample.js';
import type { Bar } from './bar.js';
import type { Contestant } from './contestant.js';
import { provenDifferences, type Difference } from './difference.js';

/** Where a target can stand; 1 is best. Both are the same where its rank is proven. */
interface Rank {
  readonly best: number;
  readonly worst: number;
}

export interface Standing extends Contestant {
  readonly median: number;
  readonly rank: Rank;
}

/** The order of targets in one figure. */
export interface Ranking {
  /** By their medians, the best first. */
  readonly standings: readonly Standing[];
  /** All that are proven, each from the better's side. */
  readonly differences: readonly Difference[];
  /** Whether there are trials enough to prove anything: more than one of some two targets. */
  readonly repeated: boolean;
}

/**
 * Ranks targets by one figure, from all pairs of them. A target can only stand behind those that are
 * proven to be better, and before those that are proven to be worse. That is right for all targets at
 * once with at least the probability that all proven differences are (Mohamad, Goeman and van Zwet,
 * "An improvement of Tukey's HSD with application to ranking institutions", arXiv:1708.02428).
 */
export function rank(contestants: readonly Contestant[], bar: Bar): Ranking {
  const pairs = contestants.flatMap((a, place) =>
    contestants.slice(place + 1).map((b) => [a, b] as const),
  );
  const differences = provenDifferences(pairs, bar);
  const standings = contestants
    .map((each) => ({
      ...each,
      median: median(each.values),
      rank: {
        best: 1 + differences.filter(({ worse }) => worse === each).length,
        worst: contestants.length - differences.filter(({ better }) => better === each).length,
      },
    }))
    .sort((a, b) => (bar.better === 'higher' ? b.median - a.median : a.median - b.median));
  const repeated = contestants.filter(({ values }) => values.length > 1).length > 1;
  return { standings, differences, repeated };
}
