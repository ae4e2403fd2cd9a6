import { addRank } from './signed-rank.js';

/**
 * How likely a sum of signed ranks is at least as far from its middle as that of these differences, on
 * either side, if they are symmetric about zero. Of equal differences each has the mean of their ranks,
 * those of zero are left out, and the distribution is exact given these ranks (Hollander, Wolfe and
 * Chicken, "Nonparametric Statistical Methods", 3rd ed., 2014, section 3.1), so the values may be
 * rounded. 1 where all are zero. SciPy: wilcoxon(differences, method=PermutationMethod()).
 */
export function signedRankProbability(differences: readonly number[]): number {
  const ranked = differences.filter((value) => value !== 0);
  const ranks = doubledRanks(ranked.map(Math.abs));
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, at) => sum + (ranked[at]! > 0 ? rank : 0), 0);
  const distance = Math.abs(2 * positive - most);
  return sumShares(ranks, most).reduce(
    (total, share, sum) => (Math.abs(2 * sum - most) >= distance ? total + share : total),
    0,
  );
}

/** Twice the ranks, which are whole numbers although a mean of ranks may not be. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** With what probability each sum from 0 to `most` comes of ranks that are each taken or not. */
function sumShares(ranks: readonly number[], most: number): Float64Array {
  const shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (const rank of ranks) addRank(shares, rank, most);
  return shares;
}
