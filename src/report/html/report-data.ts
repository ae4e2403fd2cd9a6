import type { PhaseResult } from '../../results/figures.js';
import type { LatencyReading, LoggedPhase } from '../../latency/log-reader.js';
import type { RunResult, TrialResult } from '../../results/schema.js';
import type { StoredResult } from '../../store/stored-result.js';
import { subjectsOf, type Subject } from '../subject.js';
import { looksOf, type Look } from './chart/look.js';

/** All that a page is drawn from. */
export interface ReportData {
  readonly results: readonly RunResult[];
  readonly subjects: readonly Subject[];
  readonly looks: ReadonlyMap<string, Look>;
  readonly latencies: ReadonlyMap<TrialResult, LatencyReading>;
}

export function reportData(stored: readonly StoredResult[]): ReportData {
  const results = stored.map(({ result }) => result);
  const subjects = subjectsOf(results).filter(({ target }) => target.trials.length > 0);
  return {
    results,
    subjects,
    looks: looksOf(subjects),
    latencies: new Map(stored.flatMap(({ latencies }) => [...latencies])),
  };
}

/** null where its log is missing, or holds nothing of the phase. */
export function loggedPhase(
  { latencies }: ReportData,
  trial: TrialResult,
  phase: PhaseResult,
): LoggedPhase | null {
  const reading = latencies.get(trial);
  return reading?.ok === true ? (reading.phases[trial.phases.indexOf(phase)] ?? null) : null;
}

/** Trials that are not valid are drawn only where there is no other. */
export function preferValid(trials: readonly TrialResult[]): readonly TrialResult[] {
  const valid = trials.filter((trial) => trial.valid);
  return valid.length > 0 ? valid : trials;
}

/** The trial in the middle by a figure: a picture shows a real trial, not an average of several. */
export function middleTrial(
  trials: readonly TrialResult[],
  figure: (trial: TrialResult) => number | null,
): TrialResult | null {
  const sorted = trials
    .flatMap((trial) => {
      const value = figure(trial);
      return value === null ? [] : [{ trial, value }];
    })
    .sort((a, b) => a.value - b.value);
  return sorted[Math.floor((sorted.length - 1) / 2)]?.trial ?? null;
}
