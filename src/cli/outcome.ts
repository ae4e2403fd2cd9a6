import { exitCodes } from './exit-codes.js';

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  /** It has decided something, or kept its result: nothing is lost if nobody could read its words. */
  readonly doneUnseen: boolean;
}

/** Of a command that is called for what it prints. */
export function shown(code: number = exitCodes.success): Outcome {
  return { code, doneUnseen: false };
}

/** Of one that is called for what it does. */
export function done(code: number = exitCodes.success): Outcome {
  return { code, doneUnseen: true };
}

/** What was found goes before what could not be written. */
export function orFailure(code: number, failed: boolean): number {
  return failed && code === exitCodes.success ? exitCodes.failure : code;
}
