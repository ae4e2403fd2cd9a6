import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Counts, wholeMicros } from '../../src/latency/counts.js';
import { Histogram } from '../../src/latency/histogram.js';

describe('counts', () => {
  it('give the percentiles that an HdrHistogram gives for the same values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 500 }),
        (values) => {
          const counts = new Counts();
          const reference = build({
            highestTrackableValue: 3_600_000_000,
            numberOfSignificantValueDigits: 3,
          });
          for (const value of values) {
            counts.record(wholeMicros(value));
            reference.recordValue(value);
          }
          const histogram = new Histogram();
          histogram.add(counts.take()!);
          const figures = histogram.distribution()!;
          histogram.dispose();
          expect(figures.count).toBe(values.length);
          expect(figures.max).toBe(Math.max(...values));
          expect(figures.min).toBe(Math.min(...values));
          for (const [name, percentile] of [
            ['p50', 50],
            ['p99', 99],
            ['p999', 99.9],
          ] as const) {
            const expected = Math.min(reference.getValueAtPercentile(percentile), figures.max);
            expect(figures[name]).toBe(Math.max(expected, figures.min));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('hold what is out of range at its ends', () => {
    const counts = new Counts();
    counts.record(wholeMicros(-5));
    counts.record(wholeMicros(1e12));
    expect(counts.take()).toMatchObject({ total: 2, min: 0, max: 3_600_000_000 });
    expect(counts.take()).toBeNull();
  });
});
