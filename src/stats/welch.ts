import type { LogSample } from './log-sample.js';
import { studentT95, studentTBeyond } from './student-t.js';

/** How many times one figure is another; dimensionless, 1 is no difference. */
export interface Ratio {
  readonly ratio: number;
  /** 95 % interval, of this ratio alone. */
  readonly low: number;
  readonly high: number;
}

/**
 * The probability that the geometric means of two samples are so far apart, were there no difference;
 * two-sided. By Welch's t test of the logarithms, which lets each sample have a noise of its own
 * (Welch, "The generalization of 'Student's' problem when several different population variances are
 * involved", Biometrika 34, 1947), with the degrees of freedom of Satterthwaite, "An approximate
 * distribution of estimates of variance components", Biometrics Bulletin 2, 1946.
 * SciPy: ttest_ind(log(a), log(b), equal_var=False).
 */
export function welchProbability(a: LogSample, b: LogSample): number {
  const { difference, error, degreesOfFreedom } = contrast(a, b);
  // No noise at all: what is equal is equal, and the rest is not.
  if (error === 0) return difference === 0 ? 1 : 0;
  return studentTBeyond(difference / error, degreesOfFreedom);
}

/** How many times the geometric mean of `a` is that of `b`, with the interval of the same test. */
export function meanRatio(a: LogSample, b: LogSample): Ratio {
  const { difference, error, degreesOfFreedom } = contrast(a, b);
  const margin = error === 0 ? 0 : studentT95(degreesOfFreedom) * error;
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
  };
}

/** The same, seen from the other side. */
export function reciprocal({ ratio, low, high }: Ratio): Ratio {
  return { ratio: 1 / ratio, low: 1 / high, high: 1 / low };
}

/** Of the means of the logarithms; `error` is the standard error of the difference. */
function contrast(a: LogSample, b: LogSample) {
  const [left, right] = [a.variance / a.count, b.variance / b.count];
  return {
    difference: a.mean - b.mean,
    error: Math.sqrt(left + right),
    degreesOfFreedom:
      (left + right) ** 2 / (left ** 2 / a.degreesOfFreedom + right ** 2 / b.degreesOfFreedom),
  };
}
