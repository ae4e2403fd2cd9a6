import { ratioInterval, type RatioInterval } from '../stats/ratio-interval.js';
import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import type { MetricCourse } from './metric-course.js';
import { metrics } from './metric.js';
import { neededPairs } from './needed-pairs.js';
import { firstLook, firstSetLevel, secondSetLevel, type Budget, type GatePlan } from './plan.js';
import { limitOf, looksUnchanged } from './standing.js';
import type { MetricVerdict } from './verdict.js';

/** How the second set of a suspected metric ended, if it has; both null for any other metric. */
export interface Judgement {
  readonly course: MetricCourse;
  readonly refuted: RatioInterval | null;
  readonly confirmed: RatioInterval | null;
}

export function judgeMetric(judgement: Judgement, plan: GatePlan, budget: Budget): MetricVerdict {
  const { course, refuted, confirmed } = judgement;
  const { metric, detect, first } = course;
  const about = judgedBy(course);
  if (confirmed !== null) {
    return { ...about, verdict: 'regression', interval: confirmed, first: first.interval! };
  }
  const pairs = course.missing + first.ratios.length + course.second.length;
  if (course.tooManyMissing || pairs === 0) {
    const { label } = metrics[metric];
    const reason =
      pairs === 0
        ? `${label} was measured in no pair`
        : `${label} is missing from ${course.missing} of ${pairs} pairs`;
    return { ...about, verdict: 'invalid', reason };
  }
  if (refuted !== null) return { ...about, verdict: 'pass', proven: true, interval: refuted };
  const { interval } = first;
  // Too few pairs for any verdict are too few to say that it cannot be measured.
  if (interval === null) return inconclusive(course, null, plan, budget);
  if (first.end === 'improvement') return { ...about, verdict: 'improvement', interval };
  if (first.end === 'pass') return { ...about, verdict: 'pass', proven: true, interval };
  // What the first set suspects, no chance may acquit.
  if (first.end === 'open' && detect !== null && looksUnchanged(metric, detect, interval)) {
    return { ...about, verdict: 'pass', proven: false, interval };
  }
  return inconclusive(course, interval, plan, budget);
}

function inconclusive(
  course: MetricCourse,
  firstInterval: RatioInterval | null,
  { pairsPerSet }: GatePlan,
  { secondsPerPair }: Budget,
): MetricVerdict {
  const { metric, allowed, first, second } = course;
  const suspicion = first.end === 'suspicion' ? firstInterval : null;
  const bound = sequentialSignedRank(secondSetLevel, pairsPerSet)[second.length]!;
  // A second set without bounds would hide why there is one.
  const interval = bound < 0 ? firstInterval : ratioInterval(second, bound);
  const sets = suspicion === null ? 1 : 2;
  const [seen, level] =
    suspicion === null ? [first.ratios, firstSetLevel] : [second, secondSetLevel];
  const fewest = firstLook(level, pairsPerSet);
  const needed =
    interval === null || seen.length < fewest
      ? { pairsPerSet: fewest, seconds: fewest * sets * secondsPerPair }
      : neededPairs(seen, interval.ratio, limitOf(metric, allowed), { sets, secondsPerPair });
  return { ...judgedBy(course), verdict: 'inconclusive', interval, suspicion, needed };
}

function judgedBy({ metric, allowed, floor, detect, level }: MetricCourse) {
  return { metric, allowed, floor, detect, level };
}
