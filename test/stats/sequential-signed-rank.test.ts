import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/holm.js';
import { sequentialSignedRank } from '../../src/stats/sequential-signed-rank.js';
import { signedRankDistributions } from '../../src/stats/signed-rank.js';

describe('the signed-rank test that is looked at after each value', () => {
  it('has these bounds for a gate’s first set: 7 pairs at least, then more leeway with each', () => {
    const none = [-1, -1, -1, -1, -1, -1, -1];
    expect(sequentialSignedRank(0.025, 20)).toEqual([
      ...none,
      ...[0, 0, 2, 3, 5, 7, 10, 13, 16, 20, 25, 29, 35, 41],
    ]);
  });

  it('crosses a bound as often as is promised, by trying every order and every sign', () => {
    // All 8! orders of the absolute values and 2^8 signs are equally likely, whatever the noise.
    for (const level of [0.05, 0.2, 0.4]) {
      const bounds = sequentialSignedRank(level, 8);
      const share = crossingShare(8, bounds);
      expect(share).toBeLessThanOrEqual(level);
      // Not by never crossing: what is left is less than one more rank at the last look would take.
      expect(share).toBeGreaterThan(level * 0.75);
    }
  });

  it('would cross a plain 5 % bound after each value far too often, counted in the same way', () => {
    // The critical values of SciPy’s WilcoxonDistribution(n) at 5 %, n = 0 … 8.
    expect(crossingShare(8, [-1, -1, -1, -1, -1, 0, 2, 3, 5])).toBeGreaterThan(0.05 * 1.4);
  });

  it('errs more where each value is wilder than the last, and less where it is calmer', () => {
    const bounds = sequentialSignedRank(0.025, 20);
    expect(crossingShareInOrder(bounds, 'growing')).toBeCloseTo(0.0372, 4);
    expect(crossingShareInOrder(bounds, 'shrinking')).toBeCloseTo(0.0128, 4);
  });

  it.each([7, 16, 20, 30, 60])('allows no lower level more, at any of %d values', (horizon) => {
    for (let divisor = 2; divisor <= 9; divisor++) {
      const higher = sequentialSignedRank(0.05, horizon, divisor - 1);
      const lower = sequentialSignedRank(0.05, horizon, divisor);
      for (let n = 0; n <= horizon; n++) expect(lower[n]).toBeLessThanOrEqual(higher[n]!);
    }
  });

  it('spends no more than the level on the looks beyond 20, added up', () => {
    const bounds = sequentialSignedRank(0.025, 60);
    const looks = [...bounds.entries()].filter(([n, bound]) => n > 20 && bound >= 0);
    expect(looks.map(([n]) => n)).toEqual([24, 28, 32, 36, 40, 44, 48, 52, 56, 60]);
    const later = looks.map(([n, bound]) => probabilityUpTo(n, bound));
    const total = later.reduce((sum, share) => sum + share, 0);
    // Whoever is below the bound after 20 values has crossed one of the first 20.
    expect(total).toBeLessThanOrEqual(0.025 - probabilityUpTo(20, bounds[20]!));
    // A third of the level belongs to the first 20.
    expect(total).toBeGreaterThan(0.015);
  });

  function probabilityUpTo(values: number, bound: number): number {
    let n = 0;
    for (const shares of signedRankDistributions(values)) {
      if (++n === values) return shares.subarray(0, bound + 1).reduce((sum, it) => sum + it, 0);
    }
    throw new Error('No such distribution');
  }

  /** With the new absolute value always the largest so far, or the smallest: all 2^20 signs. */
  function crossingShareInOrder(bounds: readonly number[], order: 'growing' | 'shrinking'): number {
    // A new smallest value raises the rank of all that are positive by one.
    const visit = (n: number, sum: number, positive: number): number => {
      if (n > 0 && sum <= bounds[n]!) return 1;
      if (n === bounds.length - 1) return 0;
      const [kept, added] = order === 'growing' ? [sum, n + 1] : [sum + positive, 1];
      return (visit(n + 1, kept, positive) + visit(n + 1, kept + added, positive + 1)) / 2;
    };
    return visit(0, 0, 0);
  }

  /** The share of all orders and signs whose sum of positive ranks ever is at or below its bound. */
  function crossingShare(length: number, bounds: readonly number[]): number {
    let crossed = 0;
    // Each new absolute value is the k-th smallest so far, k uniform: the same as trying all orders.
    // Bit i of `signs` is set where the value of rank i + 1 is positive.
    const visit = (signs: number, n: number, share: number): void => {
      let sum = 0;
      for (let rank = 1; rank <= n; rank++) sum += ((signs >> (rank - 1)) & 1) * rank;
      if (sum <= (bounds[n] ?? -1)) crossed += share;
      else if (n < length) {
        for (let place = 0; place <= n; place++) {
          const below = signs & ((1 << place) - 1);
          const above = (signs >> place) << (place + 1);
          for (const sign of [1, 0]) {
            visit(above | (sign << place) | below, n + 1, share / 2 / (n + 1));
          }
        }
      }
    };
    visit(0, 0, 1);
    return crossed;
  }
});

describe('Holm’s correction', () => {
  const rejections = (pValues: readonly number[], level: number): number[] =>
    [...holm([...pValues.keys()], (at, divisor) => pValues[at]! <= level / divisor).keys()].sort(
      (a, b) => a - b,
    );

  it('is that of his example: at 5 %, 0.01 and 0.005 go, 0.03 and 0.04 stay', () => {
    expect(rejections([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([0, 3]);
  });

  it('rejects all of two at 5 % where one is below 2.5 %, and none where none is', () => {
    expect(rejections([0.049, 0.02], 0.05)).toEqual([0, 1]);
    expect(rejections([0.03, 0.03], 0.05)).toEqual([]);
    expect(rejections([], 0.05)).toEqual([]);
  });

  it('is the step-down procedure on sorted p-values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { maxLength: 9 }),
        (ps) => {
          const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
          const stop = order.findIndex((at, step) => ps[at]! > 0.05 / (ps.length - step));
          const expected = order.slice(0, stop < 0 ? ps.length : stop).sort((a, b) => a - b);
          expect(rejections(ps, 0.05)).toEqual(expected);
        },
      ),
    );
  });
});
