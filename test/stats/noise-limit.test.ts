import { describe, expect, it } from 'vitest';
import { meanAndVariance } from '../../src/stats/mean-interval.js';
import { noiseLimit, varianceBehind } from '../../src/stats/noise-limit.js';
import { normalNumbers } from '../fixtures/normal.js';

it('the noise limit is what two means of one target differ by in 5 % of cases', () => {
  const normal = normalNumbers(11);
  const figure = (): number => Math.exp(0.04 * normal());
  const mean = (): number => meanAndVariance([0, 0, 0].map(() => Math.log(figure()))).mean;
  const repeats = 20_000;
  let above = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const limit = noiseLimit(
      [0, 0, 0, 0, 0].map(() => figure() / figure()),
      3,
    )!;
    if (Math.abs(mean() - mean()) > Math.log1p(limit)) above++;
  }
  expect(above / repeats).toBeGreaterThan(0.044);
  expect(above / repeats).toBeLessThan(0.056);
});

it('is nothing where all pairs agree, and not known without pairs or of a zero', () => {
  expect(noiseLimit([1, 1, 1], 3)).toBe(0);
  expect(noiseLimit([], 3)).toBeNull();
  expect(noiseLimit([1, 0], 3)).toBeNull();
});

it('holds a bias that favours the first of each pair', () => {
  expect(noiseLimit([1.1, 1.1, 1.1], 3)).toBeGreaterThan(0.1);
});

describe('the variance of one trial behind a noise limit', () => {
  it('is half of the mean square of the ratios, which are of two trials each', () => {
    const ratios = [1.1, 0.95, 1.02];
    const squares = ratios.map((ratio) => Math.log(ratio) ** 2);
    const meanSquare = squares.reduce((sum, square) => sum + square, 0) / ratios.length;
    expect(varianceBehind(noiseLimit(ratios, 3)!, 3, 3)).toBeCloseTo(meanSquare / 2, 12);
  });

  it('is larger, never smaller, where fewer ratios were valid than are counted', () => {
    const limit = noiseLimit([1.1, 0.95, 1.02], 3)!;
    expect(varianceBehind(limit, 5, 3)).toBeGreaterThan(varianceBehind(limit, 3, 3));
  });
});
