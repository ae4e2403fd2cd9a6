import { studentT95 } from './student-t.js';

/** Arithmetic mean of at least one value, and its sample variance: 0 of a single one. */
export function meanAndVariance(values: readonly number[]): {
  readonly mean: number;
  readonly variance: number;
} {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: n > 1 ? squares / (n - 1) : 0 };
}

/**
 * The 95 % interval by Student's t of at least two values (Student, "The probable error of a mean",
 * Biometrika 6, 1908): of their logarithms if all are positive, so of the geometric mean, which is the
 * median where the noise is symmetric in proportion; else of the arithmetic mean.
 *
 * Not a bootstrap: that can only draw the values there are, so of three its 95 % interval of the
 * median is the range, which holds the true median in 75 % of cases.
 */
export function meanInterval(values: readonly number[]): {
  readonly low: number;
  readonly high: number;
} {
  const proportional = values.every((value) => value > 0);
  const { mean, variance } = meanAndVariance(proportional ? values.map(Math.log) : values);
  const margin = studentT95(values.length - 1) * Math.sqrt(variance / values.length);
  const [low, high] = [mean - margin, mean + margin];
  return proportional ? { low: Math.exp(low), high: Math.exp(high) } : { low, high };
}
