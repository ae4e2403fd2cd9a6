import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketNanos, bucketOf, distributionOf } from '../../src/latency/log-buckets.js';

describe('logarithmic buckets', () => {
  it('hold each value within 1/32 of it, in the order of the values', () => {
    const nanos = fc.integer({ min: 0, max: 2 ** 37 });
    fc.assert(
      fc.property(nanos, nanos, (a, b) => {
        expect(Math.abs(bucketNanos(bucketOf(a)) - a)).toBeLessThanOrEqual(a / 64 + 0.5);
        if (a < b) expect(bucketOf(a)).toBeLessThanOrEqual(bucketOf(b));
      }),
    );
  });

  it('give the percentiles of what they hold within 1.6 %, and the mean exactly', () => {
    const values = fc.array(fc.integer({ min: 1, max: 2 ** 33 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, (nanos) => {
        const counts = new Map<number, number>();
        for (const n of nanos) counts.set(bucketOf(n), (counts.get(bucketOf(n)) ?? 0) + 1);
        const sorted = nanos.toSorted((a, b) => a - b);
        const sum = nanos.reduce((a, b) => a + b, 0);
        const ends = { min: sorted[0]!, max: sorted.at(-1)! };
        const distribution = distributionOf({ counts, sum, ...ends })!;
        expect(distribution.count).toBe(nanos.length);
        expect(distribution.mean).toBeCloseTo(sum / nanos.length / 1000, 6);
        for (const [name, share] of [
          ['p50', 0.5],
          ['p90', 0.9],
          ['p99', 0.99],
        ] as const) {
          const exact = sorted[Math.ceil(share * nanos.length) - 1]!;
          expect(Math.abs(distribution[name] * 1000 - exact)).toBeLessThanOrEqual(exact / 60 + 1);
        }
      }),
    );
  });

  it('of nothing have no distribution', () => {
    expect(distributionOf({ counts: new Map(), sum: 0, min: 0, max: 0 })).toBeNull();
  });
});
