import { holm } from '../stats/holm.js';
import type { RatioInterval } from '../stats/ratio-interval.js';
import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import { followMetric, readSecondSet, type MetricCourse } from './metric-course.js';
import type { MetricName } from './metric.js';
import { judgeMetric, type Judgement } from './metric-judgement.js';
import { tooManyMissing, type Pair } from './pair.js';
import { fewestPairs, firstLook, firstSetLevel, secondSetLevel } from './plan.js';
import type { Budget, GatePlan } from './plan.js';
import { overall, type GateVerdict } from './verdict.js';

export type Decision =
  | {
      readonly kind: 'continue';
      /** `second` once a regression is suspected: fresh pairs now confirm or refute it. */
      readonly set: 'first' | 'second';
      /** What further pairs are for: all that is undecided; in a second set, what is suspected. */
      readonly wanted: readonly MetricName[];
      /** Before so many further pairs nothing of it is decided. */
      readonly atLeast: number;
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
    const metrics = wanted.map(({ course }) => course.metric);
    return { kind: 'continue', set, wanted: metrics, atLeast: pairsToDecide(set, wanted, plan) };
  }
  const measured = invalid.length < pairs.length;
  const metrics = measured ? judgements.map((it) => judgeMetric(it, plan, budget)) : [];
  if (broken && !regression) {
    return { kind: 'decided', gate: { verdict: 'invalid', reasons: counted(invalid), metrics } };
  }
  if (measured) return { kind: 'decided', gate: overall(metrics) };
  const verdict = invalid.length > 0 ? 'invalid' : 'inconclusive';
  const reasons = invalid.length > 0 ? counted(invalid) : ['no pair was measured to its end'];
  return { kind: 'decided', gate: { verdict, reasons, metrics } };
}

/** "3 times: …", each once. */
function counted(reasons: readonly string[]): string[] {
  return [...new Set(reasons)].map((reason) => {
    const times = reasons.filter((it) => it === reason).length;
    return times === 1 ? reason : `${times} times: ${reason}`;
  });
}

/** Of a second set one confirmation is enough, and of a first set it takes the least for anything. */
function pairsToDecide(
  set: 'first' | 'second',
  wanted: readonly Judgement[],
  { pairsPerSet }: GatePlan,
): number {
  const first = fewestPairs(pairsPerSet);
  const second = firstLook(secondSetLevel, pairsPerSet, wanted.length);
  const missing = wanted.map(({ course }) =>
    set === 'second' ? second - course.second.length : first - course.first.ratios.length,
  );
  return Math.max(1, Math.min(...missing));
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
