/**
 * A target with one figure of each of its trials, at least one; a trial is a process of its own. Or of
 * each of its turns, which are those of the other targets' in the same order.
 */
export interface Contestant {
  readonly label: string;
  readonly values: readonly number[];
}

/** Two that may differ. */
export type Pair = readonly [Contestant, Contestant];
