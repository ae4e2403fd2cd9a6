import { describe, expect, it } from 'vitest';
import { blocksAfter } from '../../src/duet/blocks.js';
import type { PairMeasurement } from '../../src/duet/pair-measurement.js';
import type { Slice } from '../../src/duet/slice.js';
import { Random } from '../../src/basis/random.js';

/** Twenty slices of each kind whose figures scatter by this share. */
function scattered(share: number): PairMeasurement {
  const source = new Random(7);
  const random = (): number => source.next();
  const slices = Array.from({ length: 20 }, (_, index): Partial<Slice> => {
    const at = 1 + share * (random() + random() + random() - 1.5) * 2;
    const side = index % 4 === 0 || index % 4 === 3 ? 'base' : 'head';
    return { side, requestsPerSecond: 10_000 * at, cpuUsPerRequest: 30 * at, p50: 200 * at };
  });
  return { closed: slices, open: slices } as unknown as PairMeasurement;
}

const quick = { pairSeconds: 12, sliceSeconds: 5, secondsPerPair: 18 };

describe('the slices of a pair', () => {
  it('stay as few as they are where processes differ more than slices do', () => {
    expect(blocksAfter(scattered(0.01), quick).blocks).toBe(5);
  });

  it('are as many as there is time for in ten pairs, where slices are noisy', () => {
    expect(blocksAfter(scattered(0.15), quick)).toEqual({ blocks: 11, pairSeconds: 18 });
  });

  it('are more where a start and a warm-up are dear, up to half of what these take', () => {
    const dear = { pairSeconds: 55, sliceSeconds: 5, secondsPerPair: 18 };
    expect(blocksAfter(scattered(0.15), dear)).toEqual({ blocks: 25, pairSeconds: 75 });
    expect(blocksAfter(scattered(0.02), dear).blocks).toBeLessThan(20);
  });

  it('stay as they are where the first pair had none', () => {
    const none = { closed: [], open: [] } as unknown as PairMeasurement;
    expect(blocksAfter(none, { ...quick, sliceSeconds: 0 })).toEqual({
      blocks: 5,
      pairSeconds: 12,
    });
  });
});
