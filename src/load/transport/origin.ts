import { arrivalNumber, type Shard } from '../shard.js';

/** Connections are spread evenly over the origins, whichever shard holds them. */
export function originOf(slot: number, shard: Shard, origins: number): number {
  return arrivalNumber(slot, shard) % origins;
}

/** How many slots of each origin are noted. */
export function countByOrigin(
  shard: Shard,
  origins: number,
  noteAll: (note: (slot: number) => void) => void,
): number[] {
  const counts = new Array<number>(origins).fill(0);
  noteAll((slot) => {
    const origin = originOf(slot, shard, origins);
    counts[origin] = counts[origin]! + 1;
  });
  return counts;
}
