import type { Libc } from '../../../uring/libc.js';
import { RingSet, type SocketRing } from '../../../uring/ring-set.js';
import { withLongestTables } from '../../../uring/table-length.js';

/** Where each slot is: in which ring, and at which place of its table. */
export class SlotRings {
  readonly set: RingSet;
  readonly #placeBits: number;
  readonly #placeMask: number;

  constructor(libc: Libc, slots: number) {
    const { set, bits } = withLongestTables((bits) => ({
      bits,
      set: new RingSet(libc, tableLengths(slots, 2 ** bits)),
    }));
    this.set = set;
    this.#placeBits = bits;
    this.#placeMask = (1 << bits) - 1;
  }

  of(slot: number): SocketRing {
    return this.set.all[slot >>> this.#placeBits]!;
  }

  placeOf(slot: number): number {
    return slot & this.#placeMask;
  }

  /** Nothing waits to be handed to the kernel. Of several rings it is not asked. */
  get areHandedOver(): boolean {
    return this.set.all.length === 1 && this.set.first.ring.pending === 0;
  }

  /** Hands over what waits, without a look at what came. */
  handOver(): void {
    for (const { ring } of this.set.all) if (ring.pending > 0) ring.flush();
  }

  slotAt(ring: number, place: number): number {
    return (ring << this.#placeBits) | place;
  }
}

function tableLengths(slots: number, longest: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(slots / longest)) }, (_, index) =>
    Math.max(1, Math.min(longest, slots - index * longest)),
  );
}
