import type { RunResult, TargetResult, TrialResult } from '../results/schema.js';
import type { ThresholdResult } from '../results/threshold.js';
import { median } from '../stats/sample.js';
import { thresholdMetrics, type Metric, type View } from './metric.js';
import type { Comparison, Threshold } from './threshold.js';

/**
 * Asks every condition of every target that was measured or failed. The value is the median over
 * the trials; those that were watched have another throughput, and count for scheduling only.
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  { kind, targets }: Pick<RunResult, 'kind' | 'targets'>,
  expectedStatuses: ReadonlySet<number>,
): ThresholdResult[] {
  return targets.flatMap((target) =>
    thresholds.map((threshold) => {
      const metric = thresholdMetrics.get(threshold.metric)!;
      const views = trialsFor(metric, kind, target).flatMap((trial) =>
        viewsOf(trial, threshold.phase, expectedStatuses),
      );
      return judge(threshold, metric, target, views);
    }),
  );
}

/** The trials that conditions are asked of. */
export function judgedTrials({ kind, targets }: RunResult): TrialResult[] {
  return targets.flatMap(({ trials }) => trials.filter(({ traced }) => kind === 'run' || !traced));
}

function judge(
  { text, phase, metric: name, comparison, limit }: Threshold,
  metric: Metric,
  target: TargetResult,
  views: readonly View[],
): ThresholdResult {
  const readings = views.flatMap((view): Reading[] => {
    const value = metric.value(view) ?? null;
    return value === null ? [] : [{ value, censored: metric.censored?.(view) ?? 0 }];
  });
  const { value, censored } = middle(readings);
  return {
    ...{ text, target: target.name, phase, metric: name, comparison },
    unit: metric.unit,
    limit,
    value,
    trials: readings.length,
    censored,
    holds: value !== null && compares(value, comparison, limit, censored > 0),
    reason: value === null ? whyMissing(phase, target, views) : null,
  };
}

/** What a trial says. */
interface Reading {
  readonly value: number;
  /** Above 0: the value is only known to be at least so much. */
  readonly censored: number;
}

/**
 * The median, with those at the end of which only a lower bound is known. Where it does not rest on
 * one of them it is no lower than the true one; else it is a lower bound itself.
 */
function middle(readings: readonly Reading[]): { value: number | null; censored: number } {
  if (readings.length === 0) return { value: null, censored: 0 };
  const ascending = readings.toSorted(
    (a, b) => Number(a.censored > 0) - Number(b.censored > 0) || a.value - b.value,
  );
  const half = (readings.length - 1) / 2;
  const two = [ascending[Math.floor(half)]!, ascending[Math.ceil(half)]!];
  if (two.every(({ censored }) => censored === 0)) {
    return { value: median(two.map(({ value }) => value)), censored: 0 };
  }
  return {
    value: median(readings.map(({ value }) => value)),
    censored: readings.reduce((sum, { censored }) => sum + censored, 0),
  };
}

/** Whether it is certain: of what may be higher, no limit above is. */
function compares(
  value: number,
  comparison: Comparison,
  limit: number,
  mayBeHigher: boolean,
): boolean {
  if (mayBeHigher && !comparison.startsWith('>')) return false;
  switch (comparison) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
    case '==':
      return value === limit;
  }
}

function trialsFor(
  { needs }: Metric,
  kind: RunResult['kind'],
  { trials }: TargetResult,
): readonly TrialResult[] {
  if (kind === 'run') return trials;
  const watched = needs.includes('scheduling');
  return trials.filter(({ traced }) => traced === watched);
}

function viewsOf(
  trial: TrialResult,
  phase: string | null,
  expectedStatuses: ReadonlySet<number>,
): View[] {
  if (phase === null) return [{ figures: trial, phases: trial.phases, expectedStatuses }];
  const named = trial.phases.find(({ name }) => name === phase);
  return named === undefined ? [] : [{ figures: named, phases: [named], expectedStatuses }];
}

function whyMissing(
  phase: string | null,
  { trials }: TargetResult,
  views: readonly View[],
): string {
  if (trials.length === 0) return 'no trial of this target was measured';
  if (views.length === 0) return `no phase "${phase ?? ''}" was measured`;
  const unread = views.flatMap(({ figures }) => figures.server?.unavailable ?? []);
  const reasons = [...new Set(unread.map(({ figure, reason }) => `no ${figure}: ${reason}`))];
  return reasons.length > 0 ? reasons.join('; ') : 'this measurement has no such figure';
}
