import { describe, expect, it } from 'vitest';
import { incompleteBeta, logGamma } from '../../src/stats/incomplete-beta.js';
import { logSample, type LogSample } from '../../src/stats/log-sample.js';
import { studentT95, studentTBeyond } from '../../src/stats/student-t.js';
import { meanRatio, reciprocal, welchProbability } from '../../src/stats/welch.js';
import { normalNumbers } from '../fixtures/normal.js';

const sampled = (...values: number[]): LogSample => logSample(values)!;

describe('the ratio of two samples', () => {
  it('has the interval and the probability of SciPy’s Welch test', () => {
    // a, b = numpy.log([134858, 133287, 134220]), numpy.log([104614, 122030, 127507])
    // r = stats.ttest_ind(a, b, equal_var=False); numpy.exp(r.confidence_interval(0.95))
    const [a, b] = [sampled(134858, 133287, 134220), sampled(104614, 122030, 127507)];
    const found = meanRatio(a, b);
    expect(found.ratio).toBeCloseTo(1.1401546558512383, 12);
    expect(welchProbability(a, b)).toBeCloseTo(0.15996716101071992, 10);
    expect(found.low).toBeCloseTo(0.88175829, 7);
    expect(found.high).toBeCloseTo(1.47427323, 7);
  });

  it('is the reciprocal from the other side', () => {
    const [a, b] = [sampled(3, 4, 5), sampled(7, 9, 8, 12)];
    const [there, back] = [meanRatio(a, b), meanRatio(b, a)];
    expect(reciprocal(there).low).toBeCloseTo(back.low, 12);
    expect(there.ratio * back.ratio).toBeCloseTo(1, 12);
    expect(there.low * back.high).toBeCloseTo(1, 10);
    expect(welchProbability(a, b)).toBeCloseTo(welchProbability(b, a), 12);
  });

  it('is not known of a single trial, nor of a figure that is zero', () => {
    expect(logSample([1])).toBeNull();
    expect(logSample([0, 1])).toBeNull();
  });

  it('of figures without any noise is certain, and equal ones do not differ', () => {
    const [two, one] = [sampled(2, 2, 2), sampled(1, 1, 1)];
    expect(meanRatio(two, one)).toEqual({ ratio: 2, low: 2, high: 2 });
    expect(welchProbability(two, one)).toBe(0);
    expect(welchProbability(two, two)).toBe(1);
  });

  it.each([
    [3, 1],
    [3, 6],
    [5, 6],
  ])('with %d trials and %d times the noise on one side errs in 5 %% of cases', (trials, times) => {
    const normal = normalNumbers(7);
    const draw = (deviation: number): LogSample =>
      sampled(...Array.from({ length: trials }, () => Math.exp(deviation * normal())));
    const repeats = 4_000;
    let wrong = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      if (welchProbability(draw(0.03), draw(0.03 * times)) <= 0.05) wrong++;
    }
    expect(wrong / repeats).toBeGreaterThan(0.02);
    expect(wrong / repeats).toBeLessThan(0.065);
  });
});

describe('Student’s t with a broken number of degrees of freedom', () => {
  // stats.t.ppf(0.975, df)
  it.each([
    [1.2, 8.648826510748867],
    [2.5, 3.5746548420036817],
    [3.7, 2.8675207071911895],
    [17.3, 2.1070320037534676],
  ])('has SciPy’s quantile for %d', (degrees, quantile) => {
    expect(studentT95(degrees)).toBeCloseTo(quantile, 9);
  });

  // 2 * stats.t.sf(t, df)
  it.each([
    [5, 2.5, 0.02345118997086185],
    [40, 3.3, 1.5058887281799363e-5],
    [0.5, 1, 0.7048327646991335],
    // stats.t.ppf(1 - 0.025 / 36, df)
    [7.899767914810943, 4, 0.05 / 36],
    [21.134947239564838, 2.2, 0.05 / 36],
  ])('lies beyond %d with SciPy’s probability for %d degrees', (t, degrees, probability) => {
    expect(studentTBeyond(t, degrees) / probability).toBeCloseTo(1, 9);
    expect(studentTBeyond(-t, degrees)).toBe(studentTBeyond(t, degrees));
  });
});

describe('the incomplete beta function', () => {
  it('is that of a fair coin for whole numbers: I(1/2; 2, 3) = 11/16', () => {
    expect(incompleteBeta(0.5, 2, 3)).toBeCloseTo(11 / 16, 13);
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });

  // scipy.special.gammaln
  it.each([
    [0.5, 0.5723649429247],
    [1, 0],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.5, 361.43554046777757],
  ])('rests on SciPy’s ln Γ(%d)', (x, value) => {
    expect(logGamma(x)).toBeCloseTo(value, 11);
  });
});
