import fc from 'fast-check';
import { shares } from '../fixtures/percentile-shares.js';
import { describe, expect, it } from 'vitest';
import { censoredDistribution } from '../../src/latency/censored-distribution.js';
import { Counts, wholeMicros, type CountsSnapshot } from '../../src/latency/counts.js';
import { isLowerBound, type BoundFigure } from '../../src/results/distribution.js';

function counted(values: readonly number[]): CountsSnapshot[] {
  const counts = new Counts();
  for (const value of values) counts.record(wholeMicros(value));
  const snapshot = counts.take();
  return snapshot === null ? [] : [snapshot];
}

const distributionOf = (ended: readonly number[], censored: readonly number[] = []) =>
  censoredDistribution(counted(ended), counted(censored))!;

const repeated = (count: number, value: number): number[] => new Array<number>(count).fill(value);

/** By sorting, to the microsecond: below 2 ms the buckets are as narrow. */
function bruteForce(values: readonly number[]): Record<BoundFigure, number> {
  const sorted = values.toSorted((a, b) => a - b);
  const percentiles = Object.entries(shares).map(([name, share]) => [
    name,
    sorted[Math.max(1, Math.ceil(share * sorted.length - 1e-9)) - 1]!,
  ]);
  return {
    ...(Object.fromEntries(percentiles) as Record<keyof typeof shares, number>),
    min: sorted[0]!,
    max: sorted.at(-1)!,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
  };
}

describe('of 400 requests, 2 without an answer after 500 ms', () => {
  const { count, censored, lowerBounds, max, p99 } = distributionOf(
    repeated(398, 1_800),
    repeated(2, 500_000),
  );

  it('both are in the count, at the time that they were waited for', () => {
    expect({ count, censored, max }).toEqual({ count: 400, censored: 2, max: 500_000 });
  });

  it('p99 is exact, since 396 of them were answered by then', () => {
    expect(p99).toBe(1_800);
    expect(lowerBounds).toEqual(['mean', 'p999', 'p9999', 'max']);
  });
});

describe('a percentile', () => {
  it('is exact as long as its own rank was answered, and a lower bound one rank later', () => {
    const bounds = (unanswered: number) =>
      distributionOf(repeated(100 - unanswered, 10), repeated(unanswered, 1_000)).lowerBounds;
    expect(bounds(1)).not.toContain('p99');
    expect(bounds(2)).toContain('p99');
    expect(bounds(10)).not.toContain('p90');
    expect(bounds(11)).toContain('p90');
    expect(bounds(50)).not.toContain('p50');
    expect(bounds(51)).toContain('p50');
  });

  it('is a lower bound, too, where the request without an answer was given up early', () => {
    const ended = Array.from({ length: 99 }, (_, index) => 100 + index);
    const { p50, lowerBounds } = distributionOf(ended, [3]);
    expect(p50).toBe(148);
    expect(lowerBounds).toEqual([
      ...['min', 'mean', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max'],
    ]);
  });

  it('is exact where enough others took just as long', () => {
    const { lowerBounds } = distributionOf([...repeated(60, 100), ...repeated(39, 200)], [3]);
    expect(lowerBounds).not.toContain('p50');
    expect(lowerBounds).not.toContain('p90');
  });

  it('is a lower bound at the highest value that is counted', () => {
    expect(distributionOf([1], [4e9]).lowerBounds).toContain('max');
    expect(distributionOf([1], repeated(9, 4e9)).lowerBounds).toContain('p50');
  });
});

it('nothing is a lower bound where everything was answered', () => {
  expect(distributionOf([1, 2, 3])).toMatchObject({ censored: 0, lowerBounds: [] });
});

it('everything is where nothing was', () => {
  const { lowerBounds, count, censored } = distributionOf([], [5, 6]);
  expect({ count, censored }).toEqual({ count: 2, censored: 2 });
  expect(lowerBounds).toHaveLength(10);
});

it('nothing at all has no distribution', () => {
  expect(censoredDistribution([], [])).toBeNull();
});

const micros = fc.integer({ min: 0, max: 2_000 });
/** How long each would have taken, and how long it would have been waited for. */
const waits = fc.array(fc.tuple(micros, micros), { minLength: 1, maxLength: 300 });

describe('whatever the requests took and however long they were waited for', () => {
  it('a figure is what it would be without any timeout, or is said to be no more than that', () => {
    fc.assert(
      fc.property(waits, (drawn) => {
        const truth = bruteForce(drawn.map(([taken]) => taken));
        const found = distributionOf(
          drawn.filter(([taken, patience]) => taken <= patience).map(([taken]) => taken),
          drawn.filter(([taken, patience]) => taken > patience).map(([, patience]) => patience),
        );
        for (const figure of Object.keys(truth) as BoundFigure[]) {
          if (isLowerBound(found, figure)) {
            expect(found[figure]).toBeLessThanOrEqual(truth[figure] + 1e-6);
          } else expect(found[figure]).toBeCloseTo(truth[figure], 6);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a figure is only said to be a lower bound where it could be higher', () => {
    fc.assert(
      fc.property(waits, (drawn) => {
        const ended = drawn.filter(([taken, patience]) => taken <= patience);
        const censored = drawn.filter(([taken, patience]) => taken > patience);
        const values = (taken: (patience: number) => number): number[] => [
          ...ended.map(([time]) => time),
          ...censored.map(([, patience]) => taken(patience)),
        ];
        const least = bruteForce(values((patience) => patience));
        const longer = bruteForce(values(() => 1e9));
        const found = distributionOf(
          ended.map(([taken]) => taken),
          censored.map(([, patience]) => patience),
        );
        for (const figure of Object.keys(least) as BoundFigure[]) {
          expect(isLowerBound(found, figure)).toBe(longer[figure] > least[figure]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
