import type { RunResult } from '../results/schema.js';
import { isUsable } from '../figures/usable.js';
import { judgedTrials } from '../thresholds/judge.js';
import { exitCodes } from './exit-codes.js';
import { orFailure, type Outcome } from './outcome.js';

/** What became of a measurement besides its figures. */
interface Aftermath {
  /** The result lies in a file, and nobody has asked for it on standard output. */
  readonly kept: boolean;
  /** A file that was asked for could not be written. */
  readonly lost: boolean;
}

/** Where conditions are asked, they are what it was called for, and a lost file changes no verdict. */
export function measured(
  { thresholds }: RunResult,
  code: number,
  { kept, lost }: Aftermath,
): Outcome {
  const judges = thresholds.length > 0;
  return { code: orFailure(code, lost && !judges), doneUnseen: judges || kept };
}

/** Of what was measured to its end. What cannot be trusted is told before what does not hold. */
export function measuredCode(result: RunResult): number {
  if (!judgedTrials(result).every(isUsable)) return exitCodes.invalid;
  return result.thresholds.every(({ holds }) => holds) ? exitCodes.success : exitCodes.regression;
}
