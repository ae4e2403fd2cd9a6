import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/basis/random.js';
import { logRatioNoise, ratioInterval } from '../../src/stats/ratio-interval.js';

describe('the interval of a ratio', () => {
  it('is the same from either side: base and head swapped give the reciprocal', () => {
    const ratios = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(ratios, (given) => {
        const bound = Math.min(2, (given.length * (given.length + 1)) / 2 - 1);
        const there = ratioInterval(given, bound);
        const back = ratioInterval(
          given.map((ratio) => 1 / ratio),
          bound,
        );
        expect(back.ratio * there.ratio).toBeCloseTo(1, 9);
        expect(back.low * there.high).toBeCloseTo(1, 9);
        expect(back.high * there.low).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is unbounded where there are too few ratios for a bound', () => {
    expect(ratioInterval([2, 8], -1)).toEqual({ ratio: 4, low: 0, high: Infinity, pairs: 2 });
  });
});

describe('the noise of ratios', () => {
  it('is the standard deviation where the noise is normal', () => {
    const noise = logRatioNoise(normalRatios(400, 0.015));
    // Of the estimate from n normal values, the standard error is 1 / √0.955 of σ / √n.
    expect(noise / (0.015 / Math.sqrt(3 / Math.PI))).toBeGreaterThan(0.9);
    expect(noise / (0.015 / Math.sqrt(3 / Math.PI))).toBeLessThan(1.1);
  });

  it('is little moved by one wild pair in fifty, which triples the standard deviation', () => {
    const calm = normalRatios(400, 0.015);
    const wild = calm.map((ratio, at) => (at % 50 === 0 ? ratio * 1.4 : ratio));
    expect(logRatioNoise(wild) / logRatioNoise(calm)).toBeLessThan(1.15);
  });

  it('is nothing for equal ratios', () => {
    expect(logRatioNoise([1.1, 1.1, 1.1, 1.1, 1.1])).toBe(0);
  });

  function normalRatios(count: number, deviation: number): number[] {
    const random = new Random(3);
    return Array.from({ length: count }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      return Math.exp(deviation * radius * Math.cos(2 * Math.PI * random.next()));
    });
  }
});
