import { studentT95 } from './student-t.js';

/**
 * The share by which two geometric means, each of `trials` values, of one and the same thing differ
 * at most, 95 times out of 100: 0.03 is 3 %. From ratios of neighbouring values of that thing, one of
 * a pair to the other, at least one. The true ratio is known to be 1, so all of them tell of the
 * noise, and of whatever favours the first of a pair. null where one is not positive.
 */
export function noiseLimit(ratios: readonly number[], trials: number): number | null {
  if (ratios.length === 0 || ratios.some((ratio) => !(ratio > 0))) return null;
  const squares = ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0);
  const deviation = Math.sqrt(squares / ratios.length / trials);
  return Math.exp(studentT95(ratios.length) * deviation) - 1;
}

/**
 * The variance of the logarithm of one value, from such a limit and the number of ratios it is from:
 * the limit is t · √(mean square / trials) in logarithms, and a ratio of two values has twice the
 * variance of one. With more ratios than there were, the variance is too large, never too small.
 */
export function varianceBehind(limit: number, ratios: number, trials: number): number {
  const deviation = Math.log1p(limit) / studentT95(ratios);
  return (deviation ** 2 * trials) / 2;
}
