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
 * base's figures. A figure that is only known to be at least so much (a slice on a busy machine in which
 * hardly anything was answered) is the worse of the two, whichever side has it: the median holds as long
 * as such slices are few. null where it does not, or where too few neighbours say anything.
 */
function neighbours(
  slices: readonly Slice[],
  figure: (slice: Slice) => number | null,
): Comparison | null {
  const ratios: number[] = [];
  const bases: number[] = [];
  const both = Math.floor(slices.length / 2);
  for (let at = 0; at < both; at++) {
    const [one, other] = [slices[2 * at]!, slices[2 * at + 1]!];
    const [head, base] = one.side === 'head' ? [one, other] : [other, one];
    const [ofHead, ofBase] = [figure(head), figure(base)];
    if (ofBase !== null) bases.push(ofBase);
    if (ofHead === null && ofBase === null) continue;
    ratios.push(ofHead === null ? Infinity : ofBase === null ? 0 : ofHead / ofBase);
  }
  if (ratios.length === 0 || 2 * ratios.length <= both || bases.length === 0) return null;
  return { ratio: median(ratios), base: median(bases) };
}

function over(head: number | null, base: number | null): Comparison | null {
  return head === null || base === null ? null : { ratio: head / base, base };
}
