/**
 * The distribution of Wilcoxon's signed-rank statistic W: the sum of the ranks of the positive ones
 * among `n` independent values from continuous distributions that are symmetric about zero. Yields
 * P(W = 0), P(W = 1) … P(W = n(n+1)/2) for n = 1, 2 … `most`, in one array that it overwrites.
 *
 * Exact, by counting the subsets of {1 … n} by their sum (Wilcoxon, "Individual comparisons by
 * ranking methods", Biometrics Bulletin 1, 1945; Hollander, Wolfe and Chicken, "Nonparametric
 * Statistical Methods", 3rd ed., 2014, section 3.1).
 */
export function* signedRankDistributions(most: number): Generator<Float64Array, void> {
  const shares = new Float64Array(largestSum(most) + 1);
  shares[0] = 1;
  for (let n = 1; n <= most; n++) {
    addRank(shares, n, largestSum(n));
    yield shares.subarray(0, largestSum(n) + 1);
  }
}

/** The probabilities of all sums of up to `most`, once a further rank is taken or not. */
export function addRank(shares: Float64Array, rank: number, most: number): void {
  for (let sum = most; sum >= 0; sum--) {
    shares[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
  }
}

/**
 * The lower tail of the statistic: the largest c with P(W ≤ c) ≤ `level`, or -1 where even W = 0, of
 * probability 2^-n, is likelier than that. By symmetry, also the upper one: n(n+1)/2 - c and above.
 */
export function signedRankCritical(n: number, level: number): number {
  const shares = [...signedRankDistributions(n)].at(-1)!;
  return lowerTail(shares, level).critical;
}

/**
 * The largest c, of up to `most`, whose first c + 1 probabilities add up to no more than `level`, and
 * their sum.
 */
export function lowerTail(
  shares: Float64Array,
  level: number,
  most = shares.length - 1,
): { readonly critical: number; readonly probability: number } {
  let critical = -1;
  let probability = 0;
  // A level that is itself a sum of such probabilities must not be missed by a rounding error.
  while (critical < most && probability + shares[critical + 1]! <= level * (1 + 1e-12)) {
    probability += shares[++critical]!;
  }
  return { critical, probability };
}

function largestSum(n: number): number {
  return (n * (n + 1)) / 2;
}
