import type { PhaseResult } from './figures.js';
import type { TrialResult } from './schema.js';

/** A generator at its limit leaves a lower bound, which is a result; the rest is none. */
export function isUsable({ valid, complete, phases }: TrialResult): boolean {
  return valid || (complete && phases.every((phase) => phase.valid || isLowerBound(phase)));
}

function isLowerBound({ load, warnings }: PhaseResult): boolean {
  return load.lowerBound && new Set(warnings.map(({ code }) => code)).size === 1;
}
