import { describe, expect, it } from 'vitest';
import { Random } from '../../src/basis/random.js';
import { meanInterval } from '../../src/stats/mean-interval.js';
import { quantile } from '../../src/stats/sample.js';
import { normalNumbers } from '../fixtures/normal.js';

describe('the interval over trials', () => {
  it('is SciPy’s, of the logarithms of positive figures', () => {
    // a = numpy.log([104614, 122030, 127507])
    // numpy.exp(stats.t.interval(0.95, 2, loc=a.mean(), scale=stats.sem(a)))
    const { low, high } = meanInterval([104614, 122030, 127507]);
    expect(low).toBeCloseTo(90868.00885745, 3);
    expect(high).toBeCloseTo(152282.25047097, 3);
  });

  it('is SciPy’s, of the figures themselves where one is not positive', () => {
    // x = [-1, 2.5, 4]; stats.t.interval(0.95, 2, loc=numpy.mean(x), scale=stats.sem(x))
    const { low, high } = meanInterval([-1, 2.5, 4]);
    expect(low).toBeCloseTo(-4.540468995367808, 9);
    expect(high).toBeCloseTo(8.207135662034474, 9);
  });

  const busy = new Random(17);
  const noises = {
    // As requests/s and CPU per request vary from process to process.
    'of 5 %, normal in proportion': (z: number) => Math.exp(0.05 * z),
    'of 50 %, as a p99 has': (z: number) => Math.exp(0.5 * z),
    'of 5 %, with one trial in ten next to a busy neighbour': (z: number) =>
      Math.exp(0.05 * z * (busy.next() < 0.1 ? 5 : 1)),
  };

  // docs/measuring.md quotes these.
  it.each([
    ['of 5 %, normal in proportion', 3, 0.95, 0.75],
    ['of 5 %, normal in proportion', 5, 0.95, 0.94],
    ['of 5 %, normal in proportion', 10, 0.95, 0.94],
    ['of 50 %, as a p99 has', 3, 0.95, 0.75],
    ['of 50 %, as a p99 has', 5, 0.95, 0.94],
    ['of 50 %, as a p99 has', 10, 0.95, 0.94],
    ['of 5 %, with one trial in ten next to a busy neighbour', 3, 0.95, 0.75],
    ['of 5 %, with one trial in ten next to a busy neighbour', 5, 0.97, 0.94],
    ['of 5 %, with one trial in ten next to a busy neighbour', 10, 0.97, 0.94],
  ] as const)(
    'with noise %s and %d trials holds the truth in %d of cases, a bootstrap in %d',
    (noise, trials, expected, bootstrapped) => {
      const normal = normalNumbers(trials);
      const random = new Random(trials);
      const repeats = 4_000;
      let [held, heldByBootstrap] = [0, 0];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const values = Array.from({ length: trials }, () => noises[noise](normal()));
        const { low, high } = meanInterval(values);
        if (low <= 1 && 1 <= high) held++;
        if (repeat % 8 === 0 && bootstrapHolds(values, 1, random)) heldByBootstrap++;
      }
      expect(held / repeats).toBeGreaterThan(expected - 0.015);
      expect(held / repeats).toBeLessThan(expected + 0.02);
      // Of 500: its own error is 2 % at the most, 1 s.d.
      expect(heldByBootstrap / (repeats / 8)).toBeGreaterThan(bootstrapped - 0.06);
      expect(heldByBootstrap / (repeats / 8)).toBeLessThan(bootstrapped + 0.06);
    },
  );

  /** Whether the 95 % percentile interval of the median, as commonly drawn, holds the truth. */
  function bootstrapHolds(values: readonly number[], truth: number, random: Random): boolean {
    const medians = Array.from({ length: 400 }, () => {
      const drawn = values.map(() => values[Math.floor(random.next() * values.length)]!);
      return quantile(
        drawn.sort((a, b) => a - b),
        0.5,
      );
    }).sort((a, b) => a - b);
    return quantile(medians, 0.025) <= truth && truth <= quantile(medians, 0.975);
  }
});
