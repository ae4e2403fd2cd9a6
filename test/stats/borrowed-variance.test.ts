import { describe, expect, it } from 'vitest';
import { borrowVariances } from '../../src/stats/borrowed-variance.js';
import type { LogSample } from '../../src/stats/log-sample.js';
import { studentTBeyond, studentTBound } from '../../src/stats/student-t.js';

const sample = (count: number, variance: number): LogSample => ({
  ...{ count, mean: 0, variance },
  degreesOfFreedom: count - 1,
});

describe('a borrowed variance', () => {
  it('lies between a sample’s own and the mean of all, and is never below its own', () => {
    const nine = [sample(3, 10), ...Array.from({ length: 8 }, () => sample(3, 1))];
    const [noisy, quiet] = borrowVariances(nine, 36);
    // Two degrees of its own and two of the mean, which is 2.
    expect(quiet).toMatchObject({ variance: 1.5, degreesOfFreedom: 4 });
    expect(noisy).toMatchObject({ variance: 10, degreesOfFreedom: 4 });
  });

  it('is less borrowed of few, and of two it is each one’s own', () => {
    const degrees = (samples: number): number => {
      const alike = Array.from({ length: samples }, () => sample(5, 1));
      return borrowVariances(alike, 10)[0]!.degreesOfFreedom - 4;
    };
    expect([2, 3, 4, 6, 9].map(degrees)).toEqual([0, 0.5, 1, 2, 2]);
  });

  it('is its own alone where nothing is corrected for', () => {
    for (const count of [2, 3]) {
      const nine = Array.from({ length: 9 }, (_, place) => sample(count, place));
      const [first] = borrowVariances(nine, 1);
      expect(first!.variance).toBeLessThan(0.2);
      expect(first!.degreesOfFreedom).toBeCloseTo(count - 1, 0);
    }
  });

  it.each([2, 6, 36, 300])(
    'lets a sample that alone is noisy be told apart falsely in 4 %% at most, of %d pairs',
    (divisor) => {
      for (const count of [2, 3, 5, 9]) {
        const nine = Array.from({ length: 9 }, () => sample(count, 1));
        const { degreesOfFreedom } = borrowVariances(nine, divisor)[0]!;
        expect(degreesOfFreedom).toBeGreaterThan(count - 1);
        const asked = studentTBound(degreesOfFreedom, 0.05 / divisor);
        expect(studentTBeyond(asked, count - 1)).toBeLessThan(0.04 + 1e-6);
      }
    },
  );
});
