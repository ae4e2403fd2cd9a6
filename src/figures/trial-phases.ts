import type { PhaseKind, PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';

/** A trial's figures of a kind are those of the last phase of that kind. */
export function lastPhase(
  { phases }: Pick<TrialResult, 'phases'>,
  kind: PhaseKind,
): PhaseResult | undefined {
  return phases.findLast((phase) => phase.kind === kind);
}

/** The phase that a trial's requests/s and what its server used are from; none of no phases. */
export function loadedPhase(trial: Pick<TrialResult, 'phases'>): PhaseResult | undefined {
  return lastPhase(trial, 'throughput') ?? trial.phases.at(-1);
}

/** The phase that a trial's latency is from; none of no phases. */
export function latencyPhase(trial: Pick<TrialResult, 'phases'>): PhaseResult | undefined {
  return lastPhase(trial, 'latency') ?? loadedPhase(trial);
}
