/**
 * A uniform 32-bit number that depends only on its arguments (a counter-based generator: Salmon et
 * al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; mixed as MurmurHash3 does). Workers
 * need no state in common, and request `counter` holds the same numbers in every run and engine.
 *
 * @param stream tells apart the numbers that one request holds
 * @returns a signed 32-bit integer, which V8 need not box
 */
export function randomAt(seed: number, stream: number, counter: number): number {
  const high = Math.floor(counter / 0x1_0000_0000);
  let hash = mix(seed ^ Math.imul(stream + 1, 0x9e3779b9));
  hash = mix(hash ^ Math.imul(high, 0x85ebca6b));
  return mix(mix(hash + Math.imul(counter | 0, 0x9e3779b9)) ^ hash);
}

/** The finalizer of MurmurHash3: a bijection of the 32-bit integers. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
