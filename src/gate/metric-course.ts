import { ratioInterval, type RatioInterval } from '../stats/ratio-interval.js';
import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import { tooManyMissing, type Pair } from './pair.js';
import type { MetricName } from './metric.js';
import { firstSetLevel, type GatePlan } from './plan.js';
import { standing } from './standing.js';

/** One metric on its way through the pairs: how its first set ended, and what its second one holds. */
export interface MetricCourse {
  readonly metric: MetricName;
  readonly allowed: number;
  readonly first: FirstSet;
  /** The ratios after a first set that ended with a suspicion; else none. */
  readonly second: readonly number[];
  /** Valid pairs that lack the metric, although they were asked for it. */
  readonly missing: number;
  /** So many that it cannot be judged. */
  readonly tooManyMissing: boolean;
}

/** `open`: not ended. The interval is the one that ended it; while open, the latest. */
export interface FirstSet {
  readonly end: 'open' | 'pass' | 'improvement' | 'suspicion';
  readonly ratios: readonly number[];
  readonly interval: RatioInterval | null;
}

export function followMetric(
  metric: MetricName,
  allowed: number,
  pairs: readonly Pair[],
  plan: GatePlan,
): MetricCourse {
  const asked = pairs
    .filter((pair) => pair.valid)
    .filter(({ skipped = [] }) => !skipped.includes(metric));
  const ratios = asked.map((pair) => pair.ratios[metric]).filter(isRatio);
  const first = readFirstSet(metric, allowed, ratios, plan.pairsPerSet);
  const rest = first.end === 'suspicion' ? ratios.slice(first.ratios.length) : [];
  const missing = asked.length - ratios.length;
  return {
    metric,
    allowed,
    first,
    second: rest.slice(0, plan.pairsPerSet),
    missing,
    tooManyMissing: tooManyMissing(missing, asked.length),
  };
}

/** Something over nothing, as of a base that used no CPU at all, is no ratio. */
function isRatio(ratio: number | undefined): ratio is number {
  return ratio !== undefined && ratio > 0 && ratio < Infinity;
}

/** A pass ends the set only for this metric: later pairs can still make it an improvement. */
function readFirstSet(
  metric: MetricName,
  allowed: number,
  all: readonly number[],
  horizon: number,
): FirstSet {
  const bounds = sequentialSignedRank(firstSetLevel, horizon);
  let latest: FirstSet = { end: 'open', ratios: [], interval: null };
  for (let n = 1; n <= Math.min(all.length, horizon); n++) {
    const look = bounds[n]!;
    const last = n === all.length;
    if (look < 0 && !last) continue;
    const ratios = all.slice(0, n);
    const interval = ratioInterval(ratios, look);
    const where = standing(metric, allowed, interval);
    if (where === 'better') return { end: 'improvement', ratios, interval };
    if (latest.end === 'pass') continue;
    if (where === 'worse') return { end: 'suspicion', ratios, interval };
    latest = { end: where === 'within' ? 'pass' : 'open', ratios, interval };
  }
  return latest;
}

/** What the second set has shown, at the first look that showed it. */
export function readSecondSet(
  { metric, allowed, second }: MetricCourse,
  side: 'worse' | 'within',
  bounds: readonly number[],
): RatioInterval | null {
  for (let n = 1; n <= second.length; n++) {
    const look = bounds[n]!;
    if (look < 0) continue;
    const interval = ratioInterval(second.slice(0, n), look);
    const where = standing(metric, allowed, interval);
    if (where === side || (side === 'within' && where === 'better')) return interval;
  }
  return null;
}
