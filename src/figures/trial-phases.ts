import type { PhaseKind, PhaseResult } from '../results/figures.js';

/** A trial, or what will be one. */
interface Phased {
  readonly phases: readonly PhaseResult[];
}

/** A trial's figures of a kind are those of the last phase of that kind. */
export function lastPhase({ phases }: Phased, kind: PhaseKind): PhaseResult | undefined {
  return phases.findLast((phase) => phase.kind === kind);
}

/** The phase that a trial's requests/s and what its server used are from; none of no phases. */
export function loadedPhase(trial: Phased): PhaseResult | undefined {
  return lastPhase(trial, 'throughput') ?? trial.phases.at(-1);
}

/** The phase that a trial's latency is from; none of no phases. */
export function latencyPhase(trial: Phased): PhaseResult | undefined {
  return lastPhase(trial, 'latency') ?? loadedPhase(trial);
}
