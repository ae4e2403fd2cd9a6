import { randomInt } from 'node:crypto';

/**
 * How the messages of a fan-out are told apart, whatever a server wraps around them: `{seq}` is a
 * number of 16 digits, which a double, and so JSON, holds exactly. Six are the run's own mark, so that
 * what a server kept of earlier runs is not taken for this one's; two are the phase, eight the message.
 */

/** A run's mark: six digits, the first of which is not among the others, so that none overlap. */
export interface FanOut {
  readonly mark: number;
}

export const markDigits = 6;
export const phaseDigits = 2;
const messageDigits = 8;
export const numberDigits = markDigits + phaseDigits + messageDigits;

export const mostFanOutPhases = 10 ** phaseDigits;
export const mostFanOutMessages = 10 ** messageDigits;

/** Another one for each run, whatever its seed. */
export function newFanOut(): FanOut {
  // Whole in a double: no number is above 8,999,999,999,999,999.
  const first = randomInt(1, 9);
  const others = Array.from({ length: markDigits - 1 }, () => {
    const digit = randomInt(9);
    return digit < first ? digit : digit + 1;
  });
  return { mark: Number([first, ...others].join('')) };
}

/** `{seq}` of the first message of a phase; those after it follow one by one. */
export function firstNumber({ mark }: FanOut, phase: number): number {
  return (mark * mostFanOutPhases + phase) * mostFanOutMessages;
}
