import { metricNames, type MetricName } from '../gate/metric.js';
import { isRatio, type Pair } from '../gate/pair.js';
import { answeredShare, answersIn } from './answers.js';
import type { PairMeasurement, SideMemory } from './pair-measurement.js';
import { failsAsAWhole, whyInvalid } from './pair-validity.js';
import type { Side } from './slice-order.js';
import type { Slice, SliceEvents } from './slice.js';
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
    ['eventsPerSecond', neighbours(closed, ofEvents('perSecond'))],
    ['firstEvent.p50', neighbours(open, ofEvents('firstP50'))],
    ['firstEvent.p99', neighbours(closed, ofEvents('firstP99'))],
    ['betweenEvents.p50', neighbours(closed, ofEvents('betweenP50'))],
    ['betweenEvents.p99', neighbours(closed, ofEvents('betweenP99'))],
  ];
}

/** The medians over the slices' neighbours, of their ratios and of base's figures; null if there are none. */
function neighbours(slices: readonly Slice[], figure: FigureOf): Comparison | null {
  const ratios = neighbourRatios(slices, figure);
  const base = slices.filter(({ side }) => side === 'base').map(figure);
  const known = base.filter((value) => value !== null);
  // Half of the neighbours and more have to say something.
  if (ratios.length * 4 <= slices.length || known.length === 0) return null;
  return { ratio: median(ratios), base: median(known) };
}

function ofEvents(figure: keyof SliceEvents): FigureOf {
  return ({ events }) => events?.[figure] ?? null;
}

type FigureOf = (slice: Slice) => number | null;

/**
 * head / base of each slice and the one after it, first and second, third and fourth. A slice without
 * the figure is one that was kept from answering, so it counts as the slower one, by an unknown
 * factor: 0 or ∞, which a median bears. Where both are, nothing is known.
 */
export function neighbourRatios(slices: readonly Slice[], figure: FigureOf): number[] {
  const ratios: number[] = [];
  for (let at = 0; at + 1 < slices.length; at += 2) {
    const [one, other] = [slices[at]!, slices[at + 1]!];
    const [head, base] = one.side === 'head' ? [one, other] : [other, one];
    const [above, below] = [figure(head), figure(base)];
    const ratio = (above ?? Infinity) / (below ?? Infinity);
    if (!Number.isNaN(ratio)) ratios.push(ratio);
  }
  return ratios;
}

function over(head: number | null, base: number | null): Comparison | null {
  return head === null || base === null ? null : { ratio: head / base, base };
}
