import type { RunResult } from '../results/schema.js';
import { isUsable } from '../results/usable.js';
import { judgedTrials } from '../thresholds/judge.js';
import { exitCodes } from './exit-codes.js';

/** Of what was measured to its end. What cannot be trusted is told before what does not hold. */
export function measuredCode(result: RunResult): number {
  if (!judgedTrials(result).every(isUsable)) return exitCodes.invalid;
  return result.thresholds.every(({ holds }) => holds) ? exitCodes.success : exitCodes.regression;
}
