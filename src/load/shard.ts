/**
 * A worker's part of the plan. Nothing is divided and rounded: worker `index` of `count` takes every
 * `count`-th arrival and a share of the connections, so the shards sum to the plan exactly.
 */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** One that takes all there is. */
export const alone: Shard = { index: 0, count: 1 };

/** This shard's share of `total`, a whole number; over all shards they sum to `total`. */
export function shareOf(total: number, shard: Shard): number {
  return (
    Math.floor((total * (shard.index + 1)) / shard.count) -
    Math.floor((total * shard.index) / shard.count)
  );
}

/** How many of the arrivals 0…total−1 are this shard's: those with k ≡ index (mod count). */
export function arrivalsOf(total: number, shard: Shard): number {
  return Math.max(0, Math.ceil((total - shard.index) / shard.count));
}

/** The number, in the whole plan, of this shard's `n`-th arrival. */
export function arrivalNumber(n: number, shard: Shard): number {
  return n * shard.count + shard.index;
}
