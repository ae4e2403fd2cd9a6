import { expect, it } from 'vitest';
import { summarize } from '../../src/stats/sample.js';

it('shows the lowest and the highest of three trials', () => {
  expect(summarize([30, 10, 11])).toEqual({
    count: 3,
    median: 11,
    min: 10,
    max: 30,
    spread: { kind: 'range', low: 10, high: 30 },
  });
});

it('shows the middle half of five trials or more, as R and NumPy do', () => {
  // numpy.percentile([1, 2, 4, 8, 16, 32], [25, 50, 75]) = 2.5, 6, 14
  expect(summarize([32, 1, 16, 2, 8, 4])).toEqual({
    count: 6,
    median: 6,
    min: 1,
    max: 32,
    spread: { kind: 'quartiles', low: 2.5, high: 14 },
  });
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
