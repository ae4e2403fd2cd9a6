import type { MetricName } from '../gate/metric.js';
import type { Pair } from '../gate/pair.js';
import type { PairMeasurement } from './pair-measurement.js';
import { whyInvalid } from './pair-validity.js';
import type { Slice } from './slice.js';
import { skippedBy, type Stages } from './stages.js';
import { median } from '../stats/sample.js';

/** The sample that a pair gives the gate: a ratio head / base for each metric. */
export function ratiosOf(pair: PairMeasurement, stages: Stages): Pair {
  const reason = whyInvalid(pair);
  if (reason !== null) return { valid: false, reason };
  const { closed, open, memory, startupMs, countedPerRequest } = pair;
  const ratios: Partial<Record<MetricName, number>> = {};
  const skipped = skippedBy(stages);
  const set = (metric: MetricName, ratio: number | null): void => {
    if (skipped.includes(metric)) return;
    if (ratio !== null && Number.isFinite(ratio)) ratios[metric] = ratio;
  };
  set(
    'requestsPerSecond',
    adjacentRatio(closed, (slice) => slice.requestsPerSecond),
  );
  set(
    'cpuUsPerRequest',
    adjacentRatio(closed, (slice) => slice.cpuUsPerRequest),
  );
  set('instructionsPerRequest', over(countedPerRequest.head, countedPerRequest.base));
  set(
    'p50',
    adjacentRatio(open, (slice) => slice.p50),
  );
  // At the low rate a slice's p99 is a matter of a few requests, and swings by a quarter.
  set(
    'p99',
    adjacentRatio(closed, (slice) => slice.p99),
  );
  set('rssIdle', over(memory.head.idle, memory.base.idle));
  set('rssPeak', over(memory.head.peak, memory.base.peak));
  set('bytesPerConnection', over(memory.head.perConnection, memory.base.perConnection));
  set('startup', over(startupMs.head, startupMs.base));
  return { valid: true, ratios, skipped };
}

/** The median over the slices' neighbours: first and second, third and fourth. null if one is missing. */
function adjacentRatio(
  slices: readonly Slice[],
  figure: (slice: Slice) => number | null,
): number | null {
  const ratios: number[] = [];
  for (let at = 0; at + 1 < slices.length; at += 2) {
    const [one, other] = [slices[at]!, slices[at + 1]!];
    const [head, base] = one.side === 'head' ? [one, other] : [other, one];
    const ratio = over(figure(head), figure(base));
    if (ratio === null) return null;
    ratios.push(ratio);
  }
  return median(ratios);
}

function over(head: number | null, base: number | null): number | null {
  return head === null || base === null ? null : head / base;
}
