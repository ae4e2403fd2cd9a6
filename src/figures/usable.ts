import type { TrialResult } from '../results/schema.js';
import { isLowerBound } from './warning-classes.js';

/** A generator at its limit leaves a lower bound, which is a result; the rest is none. */
export function isUsable({ valid, complete, warnings, phases }: TrialResult): boolean {
  if (valid) return true;
  const bound = phases.every((phase) => phase.valid || isLowerBound(phase.warnings));
  return complete && bound && isLowerBound(warnings);
}
