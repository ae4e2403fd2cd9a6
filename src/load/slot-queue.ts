/** A ring of slots, each in it at most once. */
export class SlotQueue {
  size = 0;
  readonly #ring: Int32Array;
  readonly #queued: Uint8Array;
  #head = 0;

  constructor(slots: number) {
    this.#ring = new Int32Array(slots);
    this.#queued = new Uint8Array(slots);
  }

  push(slot: number): void {
    if (this.#queued[slot] === 1) return;
    this.#queued[slot] = 1;
    let tail = this.#head + this.size++;
    if (tail >= this.#ring.length) tail -= this.#ring.length;
    this.#ring[tail] = slot;
  }

  shift(): number {
    if (this.size === 0) return -1;
    const slot = this.#ring[this.#head]!;
    this.#head = this.#head + 1 === this.#ring.length ? 0 : this.#head + 1;
    this.size--;
    this.#queued[slot] = 0;
    return slot;
  }
}
