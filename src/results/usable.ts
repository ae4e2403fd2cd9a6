import type { TrialResult } from './schema.js';

/** A generator at its limit leaves a lower bound, which is a result; the rest is none. */
export function isUsable({ valid, warnings, load }: TrialResult): boolean {
  const codes = new Set(warnings.map(({ code }) => code));
  return valid || (load.lowerBound && codes.size === 1);
}
