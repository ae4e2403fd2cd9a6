import { describe, expect, it } from 'vitest';
import type { PairMeasurement } from '../../src/duet/pair-measurement.js';
import { neighbourRatios, ratiosOf } from '../../src/duet/pair-ratios.js';
import type { Side } from '../../src/duet/slice-order.js';
import type { Slice } from '../../src/duet/slice.js';

const stages = { startUps: false, holds: false, closed: false, open: true };
const order: readonly Side[] = ['base', 'head', 'head', 'base', 'head', 'base', 'base', 'head'];

describe('the p50 of a pair', () => {
  it('is the median over neighbours, where hardly anything was answered in one slice', () => {
    const known = pairOf([100, 110, 110, 100, 110, 100, 100, 110]);
    expect(known).toMatchObject({ ratios: { p50: 1.1 }, base: { p50: 100 } });
    const starvedHead = pairOf([100, null, 110, 100, 110, 100, 100, 110]);
    expect(starvedHead).toMatchObject({ ratios: { p50: 1.1 }, base: { p50: 100 } });
    const starvedBase = pairOf([null, 110, 110, 100, 110, 100, 100, 110]);
    expect(starvedBase).toMatchObject({ ratios: { p50: 1.1 } });
    const both = pairOf([null, null, 110, 100, 110, 100, 100, 110]);
    expect(both).toMatchObject({ ratios: { p50: 1.1 } });
  });

  it('is missing where half of the slices say nothing, or one side is starved each second time', () => {
    const half = pairOf([null, null, null, null, 110, 100, 100, 110]);
    expect(half).toMatchObject({ valid: true, ratios: {} });
    expect(Object.keys(half.valid ? half.ratios : {})).not.toContain('p50');
    const starved = pairOf([100, null, null, 100, 110, 100, 100, 110]);
    expect(Object.keys(starved.valid ? starved.ratios : {})).not.toContain('p50');
  });
});

describe('the ratios of neighbours', () => {
  const p50 = (...values: (number | null)[]): Slice[] =>
    values.map((value, index) => {
      const side = index % 4 === 0 || index % 4 === 3 ? 'base' : 'head';
      return { side, p50: value } as Slice;
    });

  it('are head over base, whichever came first', () => {
    expect(neighbourRatios(p50(100, 110, 120, 100), (slice) => slice.p50)).toEqual([1.1, 1.2]);
  });

  it('take a slice that answered nothing for the slower one', () => {
    const slices = p50(100, null, 120, null, null, null);
    expect(neighbourRatios(slices, (slice) => slice.p50)).toEqual([Infinity, 0]);
  });
});

function pairOf(medians: readonly (number | null)[]) {
  const open = medians.map((p50, at) => slice(order[at]!, p50));
  const unknown = { idle: null, peak: null, perConnection: null };
  const measured: PairMeasurement = {
    ...{ closed: [], open, sliceSeconds: 1, warmedUp: null, ended: null },
    memory: { base: unknown, head: unknown },
    unheld: { base: 0, head: 0 },
    startupMs: { base: null, head: null },
    countedPerRequest: { base: null, head: null },
  };
  return ratiosOf(measured, stages);
}

function slice(side: Side, p50: number | null): Slice {
  return {
    ...{ side, p50, p99: p50, requestsPerSecond: 100, cpuUsPerRequest: 50 },
    ...{ switchesPerRequest: 1, runQueueUsPerRequest: 1, unopened: 0, serverEnded: false },
    events: null,
    ...{ serverUtilization: 0.5, generatorUtilization: 0.2, otherUtilization: 0 },
    answers: {
      ...{ attempts: 10, errors: {}, statusCodes: { '200': 10 }, responses: 10 },
      ...{ bytesReceived: 1000, opened: 0 },
    },
  };
}
