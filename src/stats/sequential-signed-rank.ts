import { alphaSpent } from './alpha-spending.js';
import { lowerTail, signedRankDistributions } from './signed-rank.js';

/** Up to here each look is exact; the work doubles with every value and is 0.2 s for 20. */
const exactUpTo = 20;
/** Beyond, the looks share the rest of the level by Boole's inequality, so there are few of them. */
const laterLooks = 10;

const known = new Map<string, readonly number[]>();

/**
 * Wilcoxon's signed-rank test, looked at after each value. Entry n is the largest sum of ranks that
 * rejects after n values, or -1 where nothing does or nobody looks. Among independent values from one
 * continuous distribution that is symmetric about θ, the sum of the ranks of those above θ ever falls
 * to its entry, at any n up to `horizon`, with a probability of at most `level`, whatever that
 * distribution is. Read by `signedRankInterval`, this makes a repeated confidence interval: it may be
 * looked at after each value, and one may stop for any reason, at 2·`level` for both its ends
 * (Jennison and Turnbull, "Interim analyses: the repeated confidence interval approach", Journal of
 * the Royal Statistical Society B 51, 1989).
 *
 * Up to 20 values this is exact and no approximation. Signs are fair coins, independent of the
 * absolute values, and the rank of a new absolute value among those before is uniform. So the signs
 * in the order of the ranks form a Markov chain on {-,+}^n: each value inserts a fair sign at a
 * uniform place. The chain is followed with the rejected states removed, and each entry is the
 * largest that keeps what was removed within `alphaSpent`. From 20 values on, there are ten further
 * looks, for which Boole's inequality holds whatever the dependence.
 *
 * With a `divisor`, a whole number, the bounds are for level / divisor. Ranks are discrete, so a
 * lower level that was saved up could allow more at a later look than a higher one; here it never
 * does, as Holm's correction needs it.
 */
export function sequentialSignedRank(
  level: number,
  horizon: number,
  divisor = 1,
): readonly number[] {
  const key = `${level} ${horizon} ${divisor}`;
  let bounds = known.get(key);
  if (bounds === undefined) {
    const above = divisor > 1 ? sequentialSignedRank(level, horizon, divisor - 1) : null;
    known.set(key, (bounds = findBounds(level / divisor, horizon, above)));
  }
  return bounds;
}

function findBounds(level: number, horizon: number, above: readonly number[] | null): number[] {
  const bounds = [-1];
  let used = 0;
  const spend = (n: number, shares: Float64Array): number => {
    const most = alphaSpent(level, n, horizon) - used;
    const { critical, probability } = lowerTail(shares, most, above?.[n]);
    used += probability;
    bounds.push(critical);
    return critical;
  };
  let chain = startOfChain;
  for (let n = 1; n <= Math.min(horizon, exactUpTo); n++) {
    chain = insertSign(chain);
    removeUpTo(chain, spend(n, sharesBySum(chain)));
  }
  const stride = Math.ceil((horizon - exactUpTo) / laterLooks);
  let n = 0;
  for (const shares of signedRankDistributions(horizon)) {
    if (++n <= exactUpTo) continue;
    if ((horizon - n) % stride === 0) spend(n, shares);
    else bounds.push(-1);
  }
  return bounds;
}

/** Bit i of a state is the sign of the value of rank i + 1: set if that value is positive. */
interface Chain {
  readonly length: number;
  readonly probabilities: Float64Array;
  /** The sum of the ranks of the positive values, by state. */
  readonly sums: Uint16Array;
}

const startOfChain: Chain = {
  length: 0,
  probabilities: Float64Array.of(1),
  sums: Uint16Array.of(0),
};

function insertSign(from: Chain): Chain {
  const length = from.length + 1;
  const probabilities = new Float64Array(2 ** length);
  const sums = new Uint16Array(2 ** length);
  sums.set(from.sums);
  for (let state = 2 ** from.length; state < sums.length; state++) {
    sums[state] = from.sums[state - 2 ** from.length]! + length;
  }
  for (let state = 0; state < from.probabilities.length; state++) {
    const share = from.probabilities[state]! / (2 * length);
    if (share === 0) continue;
    for (let place = 0; place < length; place++) {
      const lower = state & ((1 << place) - 1);
      const negative = ((state - lower) << 1) | lower;
      const positive = negative | (1 << place);
      probabilities[negative] = probabilities[negative]! + share;
      probabilities[positive] = probabilities[positive]! + share;
    }
  }
  return { length, probabilities, sums };
}

function sharesBySum({ length, probabilities, sums }: Chain): Float64Array {
  const shares = new Float64Array((length * (length + 1)) / 2 + 1);
  sums.forEach((sum, state) => (shares[sum] = shares[sum]! + probabilities[state]!));
  return shares;
}

function removeUpTo({ probabilities, sums }: Chain, critical: number): void {
  sums.forEach((sum, state) => {
    if (sum <= critical) probabilities[state] = 0;
  });
}
