import { hodgesLehmann, signedRankInterval, walshAverages } from './hodges-lehmann.js';
import { signedRankCritical } from './signed-rank.js';

/** head/base of one metric, dimensionless; 1 is no change. */
export interface RatioInterval {
  readonly ratio: number;
  /** 0 while there are too few pairs for a bound. */
  readonly low: number;
  /** Infinity while there are too few pairs for a bound. */
  readonly high: number;
  /** How many pairs it is from. */
  readonly pairs: number;
}

/**
 * The ratio that pairs of a base and a head have in common, from one ratio per pair, at least one:
 * the Hodges–Lehmann estimate of the logarithms, and the interval that leaves out what Wilcoxon's
 * test rejects with sums of ranks of up to `critical`. Logarithms make a halving and a doubling
 * equally far from 1, so that nothing depends on which build is called base.
 */
export function ratioInterval(ratios: readonly number[], critical: number): RatioInterval {
  const averages = walshAverages(ratios.map(Math.log));
  const { low, high } = signedRankInterval(averages, critical);
  return {
    ratio: Math.exp(hodgesLehmann(averages)),
    low: Math.exp(low),
    high: Math.exp(high),
    pairs: ratios.length,
  };
}

const normalQuantile95 = 1.6448536269514722;

/**
 * The standard error of the estimated log ratio times √n, from at least five ratios: half the length
 * of the 90 % interval over the normal quantile, which a few wild pairs hardly move (Lehmann,
 * "Nonparametric confidence intervals for a shift parameter", Annals of Mathematical Statistics 34,
 * 1963). For normal noise about its standard deviation.
 */
export function logRatioNoise(ratios: readonly number[]): number {
  const critical = signedRankCritical(ratios.length, 0.05);
  const { low, high } = signedRankInterval(walshAverages(ratios.map(Math.log)), critical);
  return (Math.sqrt(ratios.length) * (high - low)) / (2 * normalQuantile95);
}
