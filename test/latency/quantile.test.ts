import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileMicros } from '../../src/latency/quantile.js';
import { Counts } from '../../src/latency/counts.js';

function counted(values: readonly number[]) {
  const counts = new Counts();
  for (const value of values) counts.record(value);
  const snapshot = counts.take();
  return snapshot === null ? [] : [snapshot];
}

describe('an interpolated quantile', () => {
  it('lies within half a bucket of the value of that rank', () => {
    const micros = fc.array(fc.integer({ min: 1, max: 5_000_000 }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(micros, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(share * values.length) - 1)]!;
        const found = quantileMicros(counted(values), share);
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.51 + exact * 0.001);
      }),
    );
  });

  it('moves with the share of values in a bucket, and not by whole microseconds', () => {
    const early = quantileMicros(
      counted([...Array<number>(49).fill(60), ...Array<number>(51).fill(61)]),
      0.5,
    );
    const late = quantileMicros(
      counted([...Array<number>(30).fill(60), ...Array<number>(70).fill(61)]),
      0.5,
    );
    expect(late - early).toBeGreaterThan(0.2);
    expect(late - early).toBeLessThan(0.4);
  });

  it('of several snapshots is that of all their values', () => {
    const one = counted([10, 20, 30]);
    const other = counted([40, 50, 60]);
    const all = quantileMicros(counted([10, 20, 30, 40, 50, 60]), 0.75);
    expect(quantileMicros([...one, ...other], 0.75)).toBe(all);
  });

  it('of nothing is not a number', () => {
    expect(quantileMicros([], 0.5)).toBeNaN();
  });
});
