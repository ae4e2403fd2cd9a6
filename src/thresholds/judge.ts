import type { ServerFigures } from '../results/figures.js';
import type { RunResult, TargetResult, TrialResult } from '../results/schema.js';
import type { ThresholdResult } from '../results/threshold.js';
import { median } from '../stats/sample.js';
import type { Figure } from '../figures/figure.js';
import { counted, readPhase, readTrial, type Reading } from '../figures/reading.js';
import { figures } from '../figures/table.js';
import type { Comparison, Threshold } from './threshold.js';

/**
 * Asks every condition of every target that was measured or failed. The value is the median over
 * the trials; those that were watched have another throughput, and count for scheduling only.
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  { kind, targets }: Pick<RunResult, 'kind' | 'targets'>,
): ThresholdResult[] {
  return targets.flatMap((target) =>
    thresholds.map((threshold) => {
      const figure = figures.get(threshold.metric)!;
      const parts = trialsFor(figure, kind, target).flatMap((trial) =>
        partsOf(figure, trial, threshold.phase),
      );
      return judge(threshold, figure, target, parts);
    }),
  );
}

/** The trials that conditions are asked of. */
export function judgedTrials({ kind, targets }: RunResult): TrialResult[] {
  return targets.flatMap(({ trials }) => trials.filter(({ traced }) => kind === 'run' || !traced));
}

function judge(
  { text, phase, metric: name, comparison, limit }: Threshold,
  { unit }: Figure,
  target: TargetResult,
  parts: readonly Part[],
): ThresholdResult {
  const readings = counted(parts.flatMap(({ reading }) => reading ?? []));
  const { value, censored } = middle(readings);
  return {
    ...{ text, target: target.name, phase, metric: name, comparison },
    unit,
    limit,
    value,
    trials: readings.length,
    censored,
    holds: value !== null && compares(value, comparison, limit, censored > 0),
    reason: value === null ? whyMissing(phase, target, parts) : null,
  };
}

/**
 * The median, with those at the end of which only a lower bound is known. Where it does not rest on
 * one of them it is no lower than the true one; else it is a lower bound itself.
 */
function middle(readings: readonly Reading[]): { value: number | null; censored: number } {
  if (readings.length === 0) return { value: null, censored: 0 };
  const ascending = readings.toSorted(
    (a, b) => Number(a.unanswered > 0) - Number(b.unanswered > 0) || a.value - b.value,
  );
  const half = (readings.length - 1) / 2;
  const two = [ascending[Math.floor(half)]!, ascending[Math.ceil(half)]!];
  if (two.every(({ unanswered }) => unanswered === 0)) {
    return { value: median(two.map(({ value }) => value)), censored: 0 };
  }
  return {
    value: median(readings.map(({ value }) => value)),
    censored: readings.reduce((sum, { unanswered }) => sum + unanswered, 0),
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
  { needs }: Figure,
  kind: RunResult['kind'],
  { trials }: TargetResult,
): readonly TrialResult[] {
  if (kind === 'run') return trials;
  const watched = needs.includes('scheduling');
  return trials.filter(({ traced }) => traced === watched);
}

/** What a condition is asked of: a trial or its phase of that name, with what it says. */
interface Part {
  readonly server: ServerFigures | null;
  readonly reading: Reading | null;
}

function partsOf(figure: Figure, trial: TrialResult, phase: string | null): Part[] {
  if (phase === null) return [{ server: trial.server, reading: readTrial(figure, trial) }];
  const named = trial.phases.find(({ name }) => name === phase);
  return named === undefined ? [] : [{ server: named.server, reading: readPhase(figure, named) }];
}

function whyMissing(
  phase: string | null,
  { trials }: TargetResult,
  parts: readonly Part[],
): string {
  if (trials.length === 0) return 'no trial of this target was measured';
  if (parts.length === 0) return `no phase "${phase ?? ''}" was measured`;
  const unread = parts.flatMap(({ server }) => server?.unavailable ?? []);
  const reasons = [...new Set(unread.map(({ figure, reason }) => `no ${figure}: ${reason}`))];
  return reasons.length > 0 ? reasons.join('; ') : 'this measurement has no such figure';
}
