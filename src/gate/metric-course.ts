import { median } from '../stats/sample.js';
import { ratioInterval, type RatioInterval } from '../stats/ratio-interval.js';
import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import { shareAllowed } from './allowance.js';
import { isRatio, tooManyMissing, type Pair } from './pair.js';
import type { Allowance, MetricName } from './metric.js';
import { fewestPairs, firstSetLevel, type GatePlan } from './plan.js';
import { standing } from './standing.js';

/** One metric on its way through the pairs: how its first set ended, and what its second one holds. */
export interface MetricCourse {
  readonly metric: MetricName;
  /** As a share of the base. */
  readonly allowed: number;
  /** The absolute change that is always allowed, in the metric's unit. */
  readonly floor: number;
  /** What must not have hidden for a pass without proof, as a share; null: only proof passes. */
  readonly detect: number | null;
  /** Base's own figure; null where pairs do not say. */
  readonly level: number | null;
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
  allowance: Allowance,
  pairs: readonly Pair[],
  plan: GatePlan,
): MetricCourse {
  const asked = pairs
    .filter((pair) => pair.valid)
    .filter(({ skipped = [] }) => !skipped.includes(metric));
  const measured = asked.filter((pair) => isRatio(pair.ratios[metric]));
  const ratios = measured.map((pair) => pair.ratios[metric]!);
  const levels = measured.map(({ base = {} }) => base[metric]);
  const level = levelOf(levels, fewestPairs(plan.pairsPerSet));
  const allowed = shareAllowed(allowance, level);
  const detect = plan.detect?.get(metric);
  const first = readFirstSet(metric, allowed, ratios, plan.pairsPerSet);
  const rest = first.end === 'suspicion' ? ratios.slice(first.ratios.length) : [];
  const missing = asked.length - ratios.length;
  return {
    metric,
    allowed,
    floor: allowance.floor,
    detect: detect === undefined ? null : shareAllowed(detect, level),
    level,
    first,
    second: rest.slice(0, plan.pairsPerSet),
    missing,
    tooManyMissing: tooManyMissing(missing, asked.length),
  };
}

/**
 * The median of the pairs up to the first look, so that all looks have one limit; null where no pair
 * says it.
 */
function levelOf(levels: readonly (number | undefined)[], firstLook: number): number | null {
  const early = levels.filter((level) => level !== undefined).slice(0, firstLook);
  return early.length === 0 ? null : median(early);
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
