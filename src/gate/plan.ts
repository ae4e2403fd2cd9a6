import type { Allowances } from './allowance.js';

/** All that a gate decides by. It is fixed before the first pair: the error rates depend on that. */
export interface GatePlan {
  /** The metrics that are gated on, and the allowed change of each. */
  readonly allowed: Allowances;
  /**
   * What could not have hidden, for a pass without proof: no change is compatible with the pairs, and
   * this one is not. null: only proof passes.
   */
  readonly detect: Allowances | null;
  /** The most valid pairs that a set may have; 7 at least, for fewer decide nothing. */
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
