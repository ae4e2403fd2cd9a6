import { describe, expect, it } from 'vitest';
import { fitLine } from '../../src/stats/linear-fit.js';
import { studentT95 } from '../../src/stats/student-t.js';

/** NIST Statistical Reference Datasets, Norris (itl.nist.gov/div898/strd/lls/data/Norris.shtml): y x. */
const norris = `0.1 0.2, 338.8 337.4, 118.1 118.2, 888.0 884.6, 9.2 10.1, 228.1 226.5, 668.5 666.3,
  998.5 996.3, 449.1 448.6, 778.9 777.0, 559.2 558.2, 0.3 0.4, 0.1 0.6, 778.1 775.5, 668.8 666.9,
  339.3 338.0, 448.9 447.5, 10.8 11.6, 557.7 556.0, 228.3 228.1, 998.0 995.8, 888.8 887.6,
  119.6 120.2, 0.3 0.3, 0.6 0.3, 557.6 556.8, 339.3 339.1, 888.0 887.2, 998.5 999.0, 778.9 779.0,
  10.2 11.1, 117.6 118.3, 228.9 229.2, 668.4 669.1, 449.2 448.9, 0.2 0.5`
  .split(',')
  .map((pair) => pair.trim().split(' ').map(Number))
  .map(([y, x]) => ({ x: x!, y: y! }));

describe('a line fitted to points', () => {
  it('has the certified values of NIST’s Norris data', () => {
    const fit = fitLine(norris)!;
    expect(norris).toHaveLength(36);
    expect(fit.slope).toBeCloseTo(1.00211681802045, 11);
    expect(fit.intercept).toBeCloseTo(-0.262323073774029, 9);
    expect(fit.slopeStandardError).toBeCloseTo(0.429796848199937e-3, 12);
    expect(fit.r2).toBeCloseTo(0.999993745883712, 12);
    // t(0.975, 34) = 2.032245
    expect(fit.slopeHigh - fit.slope).toBeCloseTo(2.032245 * 0.429796848199937e-3, 8);
    expect(fit.slope - fit.slopeLow).toBeCloseTo(fit.slopeHigh - fit.slope, 12);
  });

  it('is exact on a line, however far it is from zero', () => {
    const points = [1000, 5000, 9000].map((x) => ({ x, y: 4e9 + 4361 * x }));
    const fit = fitLine(points)!;
    expect(fit.slope).toBeCloseTo(4361, 6);
    expect(fit.r2).toBeCloseTo(1, 12);
    expect(fit.slopeHigh - fit.slopeLow).toBeLessThan(1e-3);
  });

  it('of constant points is level', () => {
    expect(fitLine([1, 2, 3].map((x) => ({ x, y: 7 })))).toMatchObject({ slope: 0, r2: 1 });
  });

  it('needs three points, and more than one x', () => {
    expect(fitLine(norris.slice(0, 2))).toBeNull();
    expect(fitLine([1, 2, 3].map((y) => ({ x: 5, y })))).toBeNull();
  });
});

describe('Student’s t', () => {
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [10, 2.2281],
    [30, 2.0423],
    [31, 2.0395],
    [60, 2.0003],
    [120, 1.9799],
    [100_000, 1.96],
  ])('has the printed quantile for %d degrees of freedom', (degrees, quantile) => {
    expect(studentT95(degrees)).toBeCloseTo(quantile, 4);
  });

  it('leaves 2.5 % beyond its quantile, by integrating its density', () => {
    for (const n of [1, 2, 3, 5, 8, 13, 21, 30, 31, 50, 200]) {
      expect(integrateDensity(n, studentT95(n))).toBeCloseTo(0.475, 6);
    }
  });

  /** From 0 to t by Simpson’s rule; the constant from the recurrence of the gamma function. */
  function integrateDensity(n: number, t: number): number {
    let ratio = n % 2 === 0 ? Math.sqrt(Math.PI) / 2 : 1 / Math.sqrt(Math.PI);
    for (let k = n % 2 === 0 ? 2 : 1; k < n; k += 2) ratio *= (k + 1) / k;
    const density = (x: number): number =>
      (ratio / Math.sqrt(n * Math.PI)) * (1 + x ** 2 / n) ** (-(n + 1) / 2);
    const steps = 20_000;
    const width = t / steps;
    let sum = density(0) + density(t);
    for (let i = 1; i < steps; i++) sum += density(i * width) * (i % 2 === 1 ? 4 : 2);
    return (sum * width) / 3;
  }
});
