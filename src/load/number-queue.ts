/** A queue of numbers below `count`, each in it at most once. */
export class NumberQueue {
  size = 0;
  readonly #ring: Int32Array;
  readonly #queued: Uint8Array;
  #head = 0;

  constructor(count: number) {
    this.#ring = new Int32Array(count);
    this.#queued = new Uint8Array(count);
  }

  push(n: number): void {
    if (this.#queued[n] === 1) return;
    this.#queued[n] = 1;
    let tail = this.#head + this.size++;
    if (tail >= this.#ring.length) tail -= this.#ring.length;
    this.#ring[tail] = n;
  }

  shift(): number {
    if (this.size === 0) return -1;
    const n = this.#ring[this.#head]!;
    this.#head = this.#head + 1 === this.#ring.length ? 0 : this.#head + 1;
    this.size--;
    this.#queued[n] = 0;
    return n;
  }
}
