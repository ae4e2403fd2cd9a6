import { meanAndVariance } from './mean-interval.js';
import { studentT95, studentTBeyond } from './student-t.js';

/** How many times one sample's geometric mean is another's; dimensionless, 1 is no difference. */
export interface MeanRatio {
  readonly ratio: number;
  /** 95 % interval, of this ratio alone. */
  readonly low: number;
  readonly high: number;
  /** Of a ratio at least so far from 1, were there no difference; two-sided. */
  readonly probability: number;
}

/**
 * a / b by Welch's t test of the logarithms, which lets each sample have a noise of its own (Welch,
 * "The generalization of 'Student's' problem when several different population variances are
 * involved", Biometrika 34, 1947), with the degrees of freedom of Satterthwaite, "An approximate
 * distribution of estimates of variance components", Biometrics Bulletin 2, 1946.
 * SciPy: ttest_ind(log(a), log(b), equal_var=False).
 *
 * null with fewer than two values on either side, of whose noise nothing is known, or where one is
 * not positive.
 */
export function meanRatio(a: readonly number[], b: readonly number[]): MeanRatio | null {
  if (a.length < 2 || b.length < 2 || [...a, ...b].some((value) => !(value > 0))) return null;
  const [over, under] = [meanAndVariance(a.map(Math.log)), meanAndVariance(b.map(Math.log))];
  const difference = over.mean - under.mean;
  const [left, right] = [over.variance / a.length, under.variance / b.length];
  const error = Math.sqrt(left + right);
  const ratio = Math.exp(difference);
  // No noise at all: what is equal is equal, and the rest is not.
  if (error === 0) {
    return { ratio, low: ratio, high: ratio, probability: difference === 0 ? 1 : 0 };
  }
  const degreesOfFreedom =
    (left + right) ** 2 / (left ** 2 / (a.length - 1) + right ** 2 / (b.length - 1));
  const margin = studentT95(degreesOfFreedom) * error;
  return {
    ratio,
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
    probability: studentTBeyond(difference / error, degreesOfFreedom),
  };
}
