/** Uniform numbers that repeat with the seed and allocate nothing (Marsaglia, "Xorshift RNGs", 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring sequences; 0 is the one state it cannot leave.
    const mixed = Math.imul((seed ^ (seed >>> 16)) + 0x9e3779b9, 0x85ebca6b);
    this.#state = (mixed ^ (mixed >>> 13)) | 0 || 1;
  }

  /** 0 ≤ number < 1. V8 may box it: a path that may not allocate takes `nextInt32`. */
  next(): number {
    return (this.nextInt32() >>> 0) / 2 ** 32;
  }

  /** A signed 32-bit integer, which V8 need not box; never 0. */
  nextInt32(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x;
  }
}
