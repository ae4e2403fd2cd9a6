import type { LogSample } from './log-sample.js';
import { studentTBeyond, studentTBound } from './student-t.js';

/**
 * Samples, each with a variance that the others take part in, for a test at 5 % / `divisor`. Of two or
 * three values, a variance may be too small by far, by luck, and its few degrees of freedom then prove
 * next to nothing. So each borrows: with n values and d borrowed degrees, its variance is
 *
 *     max(own, (d · mean of all variances + (n − 1) · own) / (d + n − 1)),  of d + n − 1 degrees.
 *
 * The mean is that of an empirical Bayes estimate (Smyth, "Linear models and empirical Bayes methods
 * for assessing differential expression in microarray experiments", Statistical Applications in
 * Genetics and Molecular Biology 3, 2004). The maximum is not: it holds where noises differ, as no
 * sample's noise is ever taken for less than was seen. `benchmarks/ranking/` shows what comes of it.
 */
export function borrowVariances(samples: readonly LogSample[], divisor: number): LogSample[] {
  const most = Math.min(mostBorrowed, (samples.length - 2) / 2);
  const mean = samples.reduce((sum, { variance }) => sum + variance, 0) / samples.length;
  return samples.map((sample) => {
    const own = sample.degreesOfFreedom;
    const borrowed = borrowedDegrees(own, divisor, most);
    const degreesOfFreedom = own + borrowed;
    const shrunk = (borrowed * mean + own * sample.variance) / degreesOfFreedom;
    return { ...sample, variance: Math.max(sample.variance, shrunk), degreesOfFreedom };
  });
}

/**
 * More hardly finds more, and errs more where two of many targets are noisy. Of few samples it is less:
 * each but the two that are compared lends half a degree.
 */
const mostBorrowed = 2;

/** Of 5 %; the rest is left for the noise of those that it is compared with. */
const falseWhereAlone = 0.04;

/**
 * How many degrees of freedom may be borrowed. The worst case is a sample that alone is noisy: all that
 * is known of its noise are its own values, whatever degrees are ascribed to it. It must still be told
 * apart falsely in 4 % of cases at the most, so the test must not ask for less than what Student's t of
 * its own degrees exceeds in 4 %. For one pair, where nothing is corrected for, that is 0.
 */
function borrowedDegrees(own: number, divisor: number, most: number): number {
  const key = `${own}/${divisor}/${most}`;
  const known = degreesKnown.get(key);
  if (known !== undefined) return known;
  const least = studentTBound(own, falseWhereAlone);
  const isSafe = (borrowed: number): boolean =>
    studentTBeyond(least, own + borrowed) >= 0.05 / divisor;
  let [low, high] = [0, Math.max(0, most)];
  if (isSafe(high)) low = high;
  for (let i = 0; i < halvings && low < high; i++) {
    const middle = (low + high) / 2;
    if (isSafe(middle)) low = middle;
    else high = middle;
  }
  degreesKnown.set(key, low);
  return low;
}

const halvings = 30;

/** A ranking asks for the same few again and again. */
const degreesKnown = new Map<string, number>();
