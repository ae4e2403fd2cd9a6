import { describe, expect, it } from 'vitest';
import { measureBatches } from '../../src/program/batches.js';
import { distributionOf } from '../../src/wakeup/samples.js';

/** A program whose operations take so many nanoseconds in its first batch, its second and so on. */
function programOf(nsPerOperation: (batch: number) => number) {
  const asked: number[] = [];
  const ask = (operations: number) => {
    const elapsedNs = operations * nsPerOperation(asked.length);
    asked.push(operations);
    return Promise.resolve({
      ...{ operations, elapsedNs, wallNs: elapsedNs },
      ...{ samplesNs: null, totals: {}, contextSwitches: null, runQueueDelayNs: null },
    });
  };
  return { ask, asked };
}

describe('measureBatches', () => {
  it('measures only after a compiler has made it as fast as it gets', async () => {
    const { ask } = programOf((batch) => Math.max(100, 5_000 * 0.8 ** batch));
    const { measured, steady } = await measureBatches(ask, { batches: 4, batchMillis: 10 });
    expect(steady).toBe(true);
    expect(measured).toHaveLength(4);
    for (const { elapsedNs, operations } of measured) {
      expect(elapsedNs / operations).toBeCloseTo(100);
    }
  });

  it('gives a batch as many operations as fill it at its last speed, in pairs', async () => {
    const { ask } = programOf((batch) => (batch < 4 ? 20_000 : 37));
    const { measured } = await measureBatches(ask, { batches: 2, batchMillis: 10 });
    for (const { elapsedNs, operations } of measured) {
      expect(elapsedNs).toBeGreaterThanOrEqual(10e6);
      expect(operations % 2).toBe(0);
    }
  });

  it('says so where it never stops getting faster', async () => {
    const { ask, asked } = programOf((batch) => 1e9 * 0.9 ** batch);
    const plan = { batches: 3, batchMillis: 10, operations: 10 };
    const { steady, warmUpBatches } = await measureBatches(ask, plan);
    expect(steady).toBe(false);
    expect(asked).toHaveLength(warmUpBatches + 3);
  });

  it('does not wait for an end of noise that only slows down', async () => {
    const { ask } = programOf((batch) => (batch % 3 === 2 ? 900 : 100));
    const { steady } = await measureBatches(ask, { batches: 3, batchMillis: 1, operations: 10 });
    expect(steady).toBe(true);
  });
});

it('a distribution holds what is below 0, where a timer was early', () => {
  const samples = Array.from({ length: 101 }, (_, i) => 10 * (i - 50));
  expect(distributionOf(samples)).toEqual({
    ...{ count: 101, min: -500, mean: 0, p50: 0, p90: 400, p99: 490, max: 500 },
  });
});
