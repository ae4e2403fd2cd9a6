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
 */
export function pooledRatio(base: readonly number[], head: readonly number[]): PooledRatio | null {
  const freedom = base.length + head.length - 2;
  if (base.length === 0 || head.length === 0 || freedom < 1) return null;
  const [b, h] = [base, head].map((values) => values.map(Math.log)) as [number[], number[]];
  const difference = mean(h) - mean(b);
  const variance = (squares(b) + squares(h)) / freedom;
  const error = Math.sqrt(variance * (1 / b.length + 1 / h.length));
  const margin = studentT95(freedom) * error;
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the deviations from their mean. */
function squares(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}
