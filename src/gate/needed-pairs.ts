import { logRatioNoise } from '../stats/ratio-interval.js';
import type { NeededPairs } from './verdict.js';

/** Normal quantiles: of the last bound of a set (41 of 210 for 20 pairs), and of four times in five. */
const boundQuantile = 2.4;
const powerQuantile = 0.8416;

const fewestForNoise = 5;
const mostPairs = 400;

/**
 * What budget would have decided, by the normal approximation of the signed-rank test: the number of
 * pairs at which the distance of the estimate from the limit is as many standard errors as the bound
 * and a power of 80 % ask for. It is as uncertain as the estimate.
 */
export function neededPairs(
  ratios: readonly number[],
  estimate: number,
  limit: number,
  budget: { readonly sets: 1 | 2; readonly secondsPerPair: number },
): NeededPairs | null {
  if (ratios.length < fewestForNoise) return null;
  const distance = Math.abs(Math.log(estimate / limit));
  const errors = ((boundQuantile + powerQuantile) * logRatioNoise(ratios)) / distance;
  const pairsPerSet = Math.max(Math.ceil(errors ** 2), ratios.length + 1);
  // Also NaN, of ratios without any noise that lie on the limit.
  if (!(pairsPerSet <= mostPairs)) return null;
  return { pairsPerSet, seconds: pairsPerSet * budget.sets * budget.secondsPerPair };
}
