import { sequentialSignedRank } from '../stats/sequential-signed-rank.js';
import type { Allowances } from './allowance.js';

/**
 * All that a gate decides by. It is fixed before the ratios are looked at: the error rates depend on
 * that. Only how long the first pair took may set how many there will be.
 */
export interface GatePlan {
  /** The metrics that are gated on, and the allowed change of each. */
  readonly allowed: Allowances;
  /**
   * What could not have hidden, for a pass without proof: no change is compatible with the pairs, and
   * this one is not. null: only proof passes.
   */
  readonly detect: Allowances | null;
  /** The most valid pairs that a set may have; 6 at least, for fewer decide nothing. */
  readonly pairsPerSet: number;
}

/** How the measuring stands. */
export interface Budget {
  /** Whether the time is up, so that there will be no further pair. */
  readonly spent: boolean;
  /** What a pair has cost so far, to say what a larger budget would be. */
  readonly secondsPerPair: number;
}

/** A set of up to 20 pairs is judged by exact bounds after each pair. */
export const defaultPairsPerSet = 20;

/** Per metric, for either end of its interval: the bounds of all looks together hold at 95 %. */
export const firstSetLevel = 0.025;

/** Of all regressions that the first set suspects together (Holm), each tested on one side. */
export const secondSetLevel = 0.05;

/** Pairs become shorter, as metrics are decided. */
const pairsMore = 1.2;
const fewestPerSet = 6;

/**
 * The most pairs of a set, where there is time for so many whole ones. Looks that never come would be
 * paid for in vain: of ten pairs, the tenth of at most ten has an interval that is a tenth shorter than
 * the tenth of at most twenty.
 */
export function pairsPerSetFor(pairs: number): number {
  return Math.min(defaultPairsPerSet, Math.max(fewestPerSet, Math.ceil(pairs * pairsMore)));
}

/** With how many a first set is looked at first. */
export function fewestPairs(pairsPerSet: number): number {
  return firstLook(firstSetLevel, pairsPerSet);
}

/** After how many pairs anything can be found at all. */
export function firstLook(level: number, horizon: number, divisor = 1): number {
  return sequentialSignedRank(level, horizon, divisor).findIndex((bound) => bound >= 0);
}
