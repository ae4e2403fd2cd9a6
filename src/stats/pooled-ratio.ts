import { meanAndVariance } from './mean-interval.js';
import { studentT95 } from './student-t.js';

interface PooledRatio {
  /** Of the geometric means. */
  readonly ratio: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * head/base of two independent samples of positive values, three values at least in both together:
 * Student's two-sample t of the logarithms with a pooled variance ("Student", "The probable error of
 * a mean", Biometrika 6, 1908; R's t.test with var.equal). It takes the noise of both sides as log-normal
 * and equally large, which lets one side have a single value. null where there are too few values.
 *
 * Values that are read in steps of `resolution` are wrong by up to half of one each, all of a side alike
 * where they are equal, so no number of them takes that away: the interval is a step longer at each end.
 */
export function pooledRatio(
  base: readonly number[],
  head: readonly number[],
  resolution = 0,
): PooledRatio | null {
  const freedom = base.length + head.length - 2;
  if (base.length === 0 || head.length === 0 || freedom < 1) return null;
  const [b, h] = [meanAndVariance(base.map(Math.log)), meanAndVariance(head.map(Math.log))];
  const difference = h.mean - b.mean;
  const squares = b.variance * (base.length - 1) + h.variance * (head.length - 1);
  const variance = squares / freedom;
  const error = Math.sqrt(variance * (1 / base.length + 1 / head.length));
  const margin = studentT95(freedom) * error;
  const step = Math.log1p(resolution / Math.exp(Math.min(b.mean, h.mean)));
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - margin - step),
    high: Math.exp(difference + margin + step),
  };
}
