import { holm } from '../stats/holm.js';
import type { RatioInterval } from '../stats/ratio-interval.js';
import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import { followMetric, readSecondSet, type MetricCourse } from './metric-course.js';
import type { MetricName } from './metric.js';
import { judgeMetric, type Judgement } from './metric-judgement.js';
import { tooManyMissing, type Pair } from './pair.js';
import { firstSetLevel, secondSetLevel, type Budget, type GatePlan } from './plan.js';
import { overall, type GateVerdict } from './verdict.js';

export type Decision =
  | {
      readonly kind: 'continue';
      /** `second` once a regression is suspected: fresh pairs now confirm or refute it. */
      readonly set: 'first' | 'second';
      /** What further pairs are for: all that is undecided; in a second set, what is suspected. */
      readonly wanted: readonly MetricName[];
    }
  | { readonly kind: 'decided'; readonly gate: GateVerdict };

/**
 * What the pairs so far, in the order they were measured in, say: add another, or the verdict. To be
 * asked after every pair; the rule may stop the gate then and keeps its error rates (docs/gate.md).
 * It depends on the pairs alone, so a stored gate can be judged again.
 */
export function decide(plan: GatePlan, pairs: readonly Pair[], budget: Budget): Decision {
  const courses = [...plan.allowed].map(([name, allowance]) =>
    followMetric(name, allowance, pairs, plan),
  );
  const judgements = judgeTogether(courses, plan.pairsPerSet);
  const regression = judgements.some(({ confirmed }) => confirmed !== null);
  const invalid = pairs.flatMap((pair) => (pair.valid ? [] : [pair.reason]));
  const broken = tooManyMissing(invalid.length, pairs.length);
  const undecided = judgements.filter((it) => isUndecided(it, plan.pairsPerSet));
  if (!regression && !broken && !budget.spent && undecided.length > 0) {
    const suspected = undecided.filter(({ course }) => course.first.end === 'suspicion');
    const [set, wanted] =
      suspected.length > 0 ? (['second', suspected] as const) : (['first', undecided] as const);
    return { kind: 'continue', set, wanted: wanted.map(({ course }) => course.metric) };
  }
  const metrics = judgements.map((it) => judgeMetric(it, plan, budget));
  const gate: GateVerdict =
    broken && !regression
      ? { verdict: 'invalid', reasons: [...new Set(invalid)], metrics }
      : overall(metrics);
  return { kind: 'decided', gate };
}

/** Holm's correction over all that the first sets suspect; what a second set refutes stays refuted. */
function judgeTogether(courses: readonly MetricCourse[], horizon: number): Judgement[] {
  const suspects = courses.filter(({ first }) => first.end === 'suspicion');
  const firstBounds = sequentialSignedRank(firstSetLevel, horizon);
  const refuted = new Map(suspects.map((it) => [it, readSecondSet(it, 'within', firstBounds)]));
  const confirm = (course: MetricCourse, divisor: number): RatioInterval | null => {
    const bounds = sequentialSignedRank(secondSetLevel, horizon, divisor);
    return refuted.get(course) === null ? readSecondSet(course, 'worse', bounds) : null;
  };
  const divisors = holm(suspects, (it, divisor) => confirm(it, divisor) !== null);
  return courses.map((course) => {
    const divisor = divisors.get(course);
    return {
      course,
      refuted: refuted.get(course) ?? null,
      confirmed: divisor === undefined ? null : confirm(course, divisor),
    };
  });
}

function isUndecided({ course, refuted, confirmed }: Judgement, horizon: number): boolean {
  if (course.tooManyMissing || refuted !== null || confirmed !== null) return false;
  if (course.first.end === 'suspicion') return course.second.length < horizon;
  return course.first.end === 'open' && course.first.ratios.length < horizon;
}
