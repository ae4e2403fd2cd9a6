import { describe, expect, it } from 'vitest';
import {
  hodgesLehmann,
  signedRankInterval,
  walshAverages,
} from '../../src/stats/hodges-lehmann.js';
import { signedRankCritical, signedRankDistributions } from '../../src/stats/signed-rank.js';

/**
 * SciPy 1.17.1, scipy.stats._wilcoxon.WilcoxonDistribution(n).cdf(c), the exact distribution behind
 * scipy.stats.wilcoxon(method='exact'): the largest c with cdf(c) ≤ 0.05, 0.025, 0.005, 0.0005.
 */
const criticalValues = [
  [5, 0, -1, -1, -1],
  [8, 5, 3, 0, -1],
  [10, 10, 8, 3, -1],
  [16, 35, 29, 19, 8],
  [20, 60, 52, 37, 21],
  [30, 151, 137, 109, 78],
  [50, 466, 434, 373, 304],
] as const;

describe('Wilcoxon’s signed-rank distribution', () => {
  it.each(criticalValues)('has SciPy’s critical values for %d values', (n, ...critical) => {
    const levels = [0.05, 0.025, 0.005, 0.0005];
    expect(levels.map((level) => signedRankCritical(n, level))).toEqual(critical);
  });

  it('has SciPy’s probabilities, and they add up to 1', () => {
    const ten = [...signedRankDistributions(10)].at(-1)!;
    // WilcoxonDistribution(10).cdf(8)
    expect(sum(ten.subarray(0, 9))).toBe(0.0244140625);
    expect(sum(ten)).toBe(1);
  });

  it('rejects at a level that is exactly one of its own probabilities', () => {
    expect(signedRankCritical(7, 2 ** -7)).toBe(0);
    expect(signedRankCritical(7, 2 ** -7 - 1e-9)).toBe(-1);
  });

  function sum(values: Float64Array): number {
    return values.reduce((total, value) => total + value, 0);
  }
});

/** Hamilton’s depression scale before and after, Hollander and Wolfe (1973), p. 29: before - after. */
const improvements = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];

describe('the estimate of Hodges and Lehmann', () => {
  it('and its interval are those of R’s example of wilcox.test', () => {
    const averages = walshAverages(improvements);
    // wilcox.test(x, y, paired = TRUE, conf.int = TRUE): V = 40, (pseudo)median 0.46, 95 %: 0.01, 0.786
    expect(hodgesLehmann(averages)).toBeCloseTo(0.46, 12);
    const { low, high } = signedRankInterval(averages, signedRankCritical(9, 0.025));
    expect(low).toBeCloseTo(0.01, 12);
    expect(high).toBeCloseTo(0.786, 12);
    expect(averages.filter((average) => average > 0)).toHaveLength(40);
  });

  it('is the middle of the two middle averages where there are two', () => {
    // numpy.median([1, 2.5, 3, 4, 4.5, 6, ...]) of values 1, 4, 5: averages 1, 2.5, 3, 4, 4.5, 5
    expect(hodgesLehmann(walshAverages([5, 1, 4]))).toBe(3.5);
    expect(hodgesLehmann(walshAverages([7]))).toBe(7);
  });

  it('has no bounds where nothing is rejected, and all but touches them where only 2^-n is', () => {
    const averages = walshAverages([3, 1, 2]);
    expect(signedRankInterval(averages, -1)).toEqual({ low: -Infinity, high: Infinity });
    expect(signedRankInterval(averages, 0)).toEqual({ low: 1, high: 3 });
  });

  it('is hardly moved by a wild value', () => {
    const calm = [0.01, -0.02, 0.005, 0.013, -0.008, 0.002, -0.004, 0.009, 0];
    const wild = [...calm.slice(1), 5];
    const moved = hodgesLehmann(walshAverages(wild)) - hodgesLehmann(walshAverages(calm));
    expect(Math.abs(moved)).toBeLessThan(0.005);
  });
});
