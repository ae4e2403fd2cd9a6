import { metricNames, type MetricName } from '../gate/metric.js';
import { isRatio, type Pair } from '../gate/pair.js';
import { answeredShare, answersIn } from './answers.js';
import type { PairMeasurement, SideMemory } from './pair-measurement.js';
import { failsAsAWhole, whyInvalid } from './pair-validity.js';
import type { Side } from './slice-order.js';
import type { Slice } from './slice.js';
import { skippedBy, type Stages } from './stages.js';
import { median } from '../stats/sample.js';

/** The sample that a pair gives the gate: a ratio head / base for each metric. */
export function ratiosOf(pair: PairMeasurement, stages: Stages): Pair {
  const reason = whyInvalid(pair);
  if (reason !== null) return { valid: false, reason };
  // How fast it fails is of no interest.
  const skipped = failsAsAWhole(answersIn([...pair.closed, ...pair.open], 'head'))
    ? metricNames.filter((name) => name !== 'errors')
    : skippedBy(stages);
  const ratios: Partial<Record<MetricName, number>> = {};
  const base: Partial<Record<MetricName, number>> = {};
  for (const [metric, compared] of comparisonsOf(pair)) {
    if (compared === null || skipped.includes(metric) || !isRatio(compared.ratio)) continue;
    ratios[metric] = compared.ratio;
    base[metric] = compared.base;
  }
  return { valid: true, ratios, skipped, base };
}

interface Comparison {
  /** head / base */
  readonly ratio: number;
  /** Base's own figure, in the metric's unit. */
  readonly base: number;
}

/** Of a head that answers nothing: there is no ratio of 0. */
const least = 1e-3;

/** null where a side has no figure. */
function comparisonsOf({
  closed,
  open,
  memory,
  startupMs,
  countedPerRequest,
}: PairMeasurement): [MetricName, Comparison | null][] {
  const held = (figure: keyof SideMemory): Comparison | null =>
    over(memory.head[figure], memory.base[figure]);
  const micros = (side: Side): number | null => {
    const ms = startupMs[side];
    return ms === null ? null : ms * 1000;
  };
  const slices = [...closed, ...open];
  const answered = (side: Side): number | null =>
    slices.length === 0 ? null : Math.max(least, answeredShare(answersIn(slices, side)));
  return [
    ['requestsPerSecond', neighbours(closed, (slice) => slice.requestsPerSecond)],
    ['cpuUsPerRequest', neighbours(closed, (slice) => slice.cpuUsPerRequest)],
    ['instructionsPerRequest', over(countedPerRequest.head, countedPerRequest.base)],
    ['p50', neighbours(open, (slice) => slice.p50)],
    // At the low rate a slice's p99 is a matter of a few requests, and swings by a quarter.
    ['p99', neighbours(closed, (slice) => slice.p99)],
    ['rssIdle', held('idle')],
    ['rssPeak', held('peak')],
    ['bytesPerConnection', held('perConnection')],
    ['startup', over(micros('head'), micros('base'))],
    ['errors', over(answered('head'), answered('base'))],
  ];
}

/**
 * The medians over the slices' neighbours, first and second, third and fourth: of their ratios, and of
 * base's figures. null if one is missing.
 */
function neighbours(
  slices: readonly Slice[],
  figure: (slice: Slice) => number | null,
): Comparison | null {
  const found: Comparison[] = [];
  for (let at = 0; at + 1 < slices.length; at += 2) {
    const [one, other] = [slices[at]!, slices[at + 1]!];
    const [head, base] = one.side === 'head' ? [one, other] : [other, one];
    const compared = over(figure(head), figure(base));
    if (compared === null) return null;
    found.push(compared);
  }
  if (found.length === 0) return null;
  return { ratio: median(found.map((it) => it.ratio)), base: median(found.map((it) => it.base)) };
}

function over(head: number | null, base: number | null): Comparison | null {
  return head === null || base === null ? null : { ratio: head / base, base };
}
