import type { PhaseResult } from '../../results/figures.js';
import type { LatencyReading, LoggedPhase } from '../../results/latency-log.js';
import type { RunResult, TrialResult } from '../../results/schema.js';
import type { StoredResult } from '../../results/stored-result.js';
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
