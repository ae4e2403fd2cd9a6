import { readPhase } from '../figures/reading.js';
import { figureNamed } from '../figures/table.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';

type Phased = Pick<TrialResult, 'phases'>;

/** Those in which requests were sent. */
export function loadedPhases({ phases }: Phased): PhaseResult[] {
  return phases.filter(({ kind }) => kind !== 'idle');
}

/** Whether a trial has several phases of a kind, so that its own figures are of the last one only. */
export function hasSeveralPhases(trial: Phased): boolean {
  const kinds = loadedPhases(trial).map(({ kind }) => kind);
  return new Set(kinds).size < kinds.length;
}

/** That with the highest p99: what users remember of a spike. null where there is but one of a kind. */
export function worstPhase(trial: Phased): PhaseResult | null {
  if (!hasSeveralPhases(trial)) return null;
  const p99 = (phase: PhaseResult): number => readPhase(figureNamed('p99'), phase)?.value ?? 0;
  return loadedPhases(trial).reduce((worst, phase) => (p99(phase) > p99(worst) ? phase : worst));
}
