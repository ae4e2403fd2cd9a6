import { meanAndVariance } from './mean-interval.js';

/** What is known of a positive figure from several values of it; of its logarithm, so dimensionless. */
export interface LogSample {
  /** Values, at least two. */
  readonly count: number;
  readonly mean: number;
  /** Of one value, not of the mean. */
  readonly variance: number;
  /** How much is known of the variance. */
  readonly degreesOfFreedom: number;
}

/** null of fewer than two values, of whose noise nothing is known, and where one is not positive. */
export function logSample(values: readonly number[]): LogSample | null {
  if (values.length < 2 || values.some((value) => !(value > 0))) return null;
  const { mean, variance } = meanAndVariance(values.map(Math.log));
  return { count: values.length, mean, variance, degreesOfFreedom: values.length - 1 };
}
