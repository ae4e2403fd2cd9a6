import type { ServerFigures } from '../results/figures.js';
import type { RunResult, TargetResult, TrialResult } from '../results/schema.js';
import type { ThresholdResult } from '../results/threshold.js';
import { median } from '../stats/sample.js';
import type { Figure } from '../figures/figure.js';
import { counted, readPhase, readRequest, readTrial, type Reading } from '../figures/reading.js';
import { figures } from '../figures/table.js';
import { commonUnit, waitedFor } from '../figures/unit-words.js';
import { partNamed, type Part } from './part.js';
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
        partsOf(figure, trial, threshold.part),
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
  { text, part, metric: name, comparison, limit }: Threshold,
  { unit }: Figure,
  target: TargetResult,
  parts: readonly Asked[],
): ThresholdResult {
  const readings = counted(parts.flatMap(({ reading }) => reading ?? []));
  const { value, censored } = middle(readings);
  const asked = { phase: parts[0]?.part?.phase ?? part, request: parts[0]?.part?.request ?? null };
  return {
    ...{ text, target: target.name, ...asked, metric: name, comparison },
    unit,
    counted: commonUnit(target.trials.map(({ load }) => waitedFor(load))),
    limit,
    value,
    trials: readings.length,
    censored,
    holds: value !== null && compares(value, comparison, limit, censored > 0),
    reason: value === null ? whyMissing(part, target, parts) : null,
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

/** What a condition is asked of: a trial or its part of that name, with what it says. */
interface Asked {
  /** null: the trial. */
  readonly part: Part | null;
  readonly server: ServerFigures | null;
  readonly reading: Reading | null;
}

function partsOf(figure: Figure, trial: TrialResult, name: string | null): Asked[] {
  const { server, phases } = trial;
  if (name === null) return [{ part: null, server, reading: readTrial(figure, trial) }];
  const requests = new Set(phases.flatMap((phase) => phase.requests.map((each) => each.name)));
  const loads = phases.map((phase) => ({ name: phase.name, sends: phase.kind !== 'idle' }));
  const part = partNamed(name, loads, [...requests]);
  const phase = phases.find((each) => each.name === part?.phase);
  if (part === null || phase === undefined) return [];
  if (part.request === null) {
    return [{ part, server: phase.server, reading: readPhase(figure, phase) }];
  }
  const request = phase.requests.find((each) => each.name === part.request);
  const reading = request === undefined ? null : readRequest(figure, { phase, request });
  return [{ part, server: null, reading }];
}

function whyMissing(
  name: string | null,
  { trials }: TargetResult,
  parts: readonly Asked[],
): string {
  if (trials.length === 0) return 'no trial of this target was measured';
  if (parts.length === 0) return `no phase "${name ?? ''}" was measured`;
  const unread = parts.flatMap(({ server }) => server?.unavailable ?? []);
  const reasons = [...new Set(unread.map(({ figure, reason }) => `no ${figure}: ${reason}`))];
  return reasons.length > 0 ? reasons.join('; ') : 'this measurement has no such figure';
}
