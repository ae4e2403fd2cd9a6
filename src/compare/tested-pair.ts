import type { Ratio } from '../stats/welch.js';
import type { Pair } from './contestant.js';

/** The probability at which one or more of the pairs are said to differ that do not. */
export const level = 0.05;

/** How far the two of a pair are apart, and whether they would be were there no difference. */
export interface TestedPair {
  readonly pair: Pair;
  /** The first is so many times the second. */
  readonly ratio: Ratio;
  /** In the figure's unit. */
  readonly difference: number;
  /** The largest number of pairs that `level` may be divided by, and still the two are told apart. */
  readonly bearsDivisor: number;
}
