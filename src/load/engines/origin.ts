import { arrivalNumber, type Shard } from '../shard.js';

/** Connections are spread evenly over the origins, whichever shard holds them. */
export function originOf(slot: number, shard: Shard, origins: number): number {
  return arrivalNumber(slot, shard) % origins;
}
