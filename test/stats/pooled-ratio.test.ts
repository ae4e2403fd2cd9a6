import { describe, expect, it } from 'vitest';
import { pooledRatio } from '../../src/stats/pooled-ratio.js';

const head = [120, 131, 118, 125, 122];

describe('the ratio of two samples', () => {
  it('is what R 4.2.2 gives: t.test(log(head), log(base), var.equal = TRUE), exp', () => {
    const found = pooledRatio([100, 104, 97], head)!;
    expect(found.ratio).toBeCloseTo(1.22758767846, 10);
    expect(found.low).toBeCloseTo(1.14521397109, 6);
    expect(found.high).toBeCloseTo(1.3158864163, 6);
  });

  it('takes a side of one value to be as noisy as the other: R, qt(0.975, 4) * s * sqrt(1/5 + 1)', () => {
    const found = pooledRatio([100], head)!;
    expect(found.ratio).toBeCloseTo(1.23117809095, 10);
    expect(found.low).toBeCloseTo(1.08784165028, 6);
    expect(found.high).toBeCloseTo(1.39340086055, 6);
  });

  it('does not depend on which side is called base', () => {
    const there = pooledRatio([100, 104, 97], head)!;
    const back = pooledRatio(head, [100, 104, 97])!;
    expect(1 / back.ratio).toBeCloseTo(there.ratio, 12);
    expect(1 / back.high).toBeCloseTo(there.low, 12);
  });

  it('has none with fewer than three values, or none on a side', () => {
    expect(pooledRatio([1], [2])).toBeNull();
    expect(pooledRatio([], [1, 2, 3])).toBeNull();
  });
});
