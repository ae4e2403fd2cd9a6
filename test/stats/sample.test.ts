import { expect, it } from 'vitest';
import { meanInterval } from '../../src/stats/mean-interval.js';
import { quantile, summarize } from '../../src/stats/sample.js';

it('shows the lower and the higher of two trials', () => {
  expect(summarize([30, 10])).toEqual({
    count: 2,
    median: 20,
    min: 10,
    max: 30,
    spread: { kind: 'range', low: 10, high: 30 },
  });
});

it('shows a 95 % interval of three trials or more, which is not their range', () => {
  const { spread, ...rest } = summarize([30, 10, 11])!;
  expect(rest).toEqual({ count: 3, median: 11, min: 10, max: 30 });
  expect(spread).toEqual({ kind: 'interval', ...meanInterval([10, 11, 30]) });
  expect(spread.low).toBeLessThan(10);
  expect(spread.high).toBeGreaterThan(30);
});

it('interpolates quantiles as R and NumPy do', () => {
  // numpy.percentile([1, 2, 4, 8, 16, 32], [25, 50, 75]) = 2.5, 6, 14
  const sorted = [1, 2, 4, 8, 16, 32];
  expect([0.25, 0.5, 0.75].map((share) => quantile(sorted, share))).toEqual([2.5, 6, 14]);
});

it('sorts by value, not as text, and leaves the argument alone', () => {
  const values = [100, 9, 20];
  expect(summarize(values)?.median).toBe(20);
  expect(values).toEqual([100, 9, 20]);
});

it('leaves out trials that lack the metric', () => {
  expect(summarize([null, 5, null, 7])).toMatchObject({ count: 2, median: 6, min: 5, max: 7 });
  expect(summarize([null, null])).toBeNull();
  expect(summarize([])).toBeNull();
});
