import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule, rampAt } from '../../src/load/schedule.js';
import { arrivalNumber, arrivalsOf, shareOf } from '../../src/load/shard.js';

describe('a schedule', () => {
  it('plans 10,000 requests for 1,000/s over 10 s, each a millisecond after the last', () => {
    const schedule = createSchedule({ from: 1000, to: 1000 }, 10e6, null);
    expect(schedule.planned).toBe(10_000);
    for (let k = 0; k < 10_000; k++) expect(schedule.dueAt(k)).toBeCloseTo(k * 1000, 3);
  });

  it('plans the area under a ramp, every request within it and none before the last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 20 }),
        (from, to, seconds) => {
          const schedule = createSchedule({ from, to }, seconds * 1e6, null);
          expect(Math.abs(schedule.planned - ((from + to) / 2) * seconds)).toBeLessThanOrEqual(1);
          const misplaced: number[] = [];
          for (let k = 0, last = -1; k < schedule.planned; k += 7) {
            const due = schedule.dueAt(k);
            if (due <= last || due >= seconds * 1e6) misplaced.push(k);
            last = due;
          }
          expect(misplaced).toEqual([]);
        },
      ),
    );
  });

  it('ends with the number of requests where that comes first', () => {
    expect(createSchedule({ from: 100, to: 100 }, 10e6, 5).planned).toBe(5);
    expect(createSchedule({ from: 100, to: 100 }, null, 7).planned).toBe(7);
  });

  it('keeps a ramp between its ends', () => {
    expect(rampAt({ from: 10, to: 20 }, 0.5)).toBe(15);
    expect(rampAt({ from: 10, to: 20 }, 2)).toBe(20);
  });
});

describe('shards', () => {
  it('sum to the plan exactly, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 64 }), (total, count) => {
        const shards = Array.from({ length: count }, (_, index) => ({ index, count }));
        const sum = (of: (typeof shards)[number] extends infer S ? (shard: S) => number : never) =>
          shards.reduce((all, shard) => all + of(shard), 0);
        expect(sum((shard) => shareOf(total, shard))).toBe(total);
        expect(sum((shard) => arrivalsOf(total, shard))).toBe(total);
      }),
    );
  });

  it('take every arrival once', () => {
    const count = 3;
    const taken = [0, 1, 2].flatMap((index) =>
      Array.from({ length: arrivalsOf(100, { index, count }) }, (_, n) =>
        arrivalNumber(n, { index, count }),
      ),
    );
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  });
});
