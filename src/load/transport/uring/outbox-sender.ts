import { Errno } from '../../../uring/abi.js';
import { Addresses, highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { sendAtOnce, sendInTime } from '../../../uring/operations.js';
import type { SocketRing } from '../../../uring/ring-set.js';
import type { Traffic } from '../../engine.js';
import type { Outgoing } from '../../protocol/codec.js';
import type { SecureConnections } from './secure-connections.js';
import type { SlotRings } from './slot-rings.js';

/**
 * Sends what a codec has put into its outbox: for each connection in one piece, once in each turn. The
 * kernel takes it at once, so that its half of the outbox is free again, or says that the socket has
 * no room; then the rest is sent as there is room, and the connection's other half waits.
 */
export class OutboxSender {
  readonly #outgoing: Outgoing;
  readonly #rings: SlotRings;
  readonly #addressLow: number;
  readonly #addressHigh: number;
  readonly #generation: Uint16Array;
  readonly #traffic: Traffic;
  readonly #secure: SecureConnections | null;
  /** Of the halves of all connections, in the order in which they lie. */
  readonly #halves: Addresses;
  readonly #halfBytes: number;
  /** By slot: where in the outbox stands what was taken last and is not sent yet, and how long it is. */
  readonly #at: Int32Array;
  readonly #left: Int32Array;
  /** By ring. 1: the kernel has not taken all that it was handed over in this turn. */
  readonly #isBehind: Uint8Array;

  constructor(
    outgoing: Outgoing,
    memory: Memory,
    rings: SlotRings,
    generation: Uint16Array,
    traffic: Traffic,
    secure: SecureConnections | null,
  ) {
    this.#outgoing = outgoing;
    this.#rings = rings;
    this.#addressLow = lowWord(memory.address) >>> 0;
    this.#addressHigh = highWord(memory.address);
    this.#generation = generation;
    this.#traffic = traffic;
    this.#secure = secure;
    const halves = 2 * generation.length;
    this.#halfBytes = memory.length / halves;
    this.#halves = new Addresses(
      secure === null
        ? []
        : Array.from({ length: halves }, (_, half) => memory.address + half * this.#halfBytes),
    );
    this.#at = new Int32Array(generation.length);
    this.#left = new Int32Array(generation.length);
    this.#isBehind = new Uint8Array(rings.set.all.length);
  }

  /** The kernel was handed over what there was, and what it says of it is looked at next. */
  turned({ index, ring }: SocketRing): void {
    this.#isBehind[index] = ring.pending > 0 ? 1 : 0;
  }

  /** Sends all that waits. @returns whether there is more, so that nothing is to be waited for */
  flush(): boolean {
    const { outbox } = this.#outgoing;
    for (let n = outbox.hungry; n > 0; n--) {
      const slot = outbox.nextHungry();
      if (slot < 0) break;
      if (this.#mayRefill(slot)) this.#outgoing.hasRoom(slot);
      else outbox.wantRoom(slot);
    }
    for (let n = outbox.dirty; n > 0; n--) {
      const slot = outbox.nextDirty();
      if (slot < 0) break;
      if (this.#mayRefill(slot)) this.flushOne(slot);
      else outbox.putBack(slot);
    }
    return outbox.hungry > 0;
  }

  /** Sends what waits for one connection, of which nothing else is being sent. */
  flushOne(slot: number): void {
    const { outbox } = this.#outgoing;
    if (outbox.isHeld(slot)) return;
    const isSecured = this.#secure?.has(slot) === true;
    if (isSecured && this.#secure.isSending(slot)) {
      outbox.hold(slot);
      return;
    }
    const at = outbox.start(slot);
    const length = outbox.take(slot);
    if (length === 0) return;
    this.#traffic.sent += length;
    if (isSecured) {
      // Sealed, they stand elsewhere; the next are sealed once the kernel has these.
      outbox.hold(slot);
      this.#secure.seal(slot, this.#halves.at(at / this.#halfBytes), length);
      return;
    }
    this.#at[slot] = at;
    this.#left[slot] = length;
    this.#send(slot, true);
  }

  /** Nothing sealed is on its way to the kernel any more. */
  sealedSent(slot: number): void {
    this.#outgoing.outbox.release(slot);
  }

  /** Not all that was to be sent is with the kernel. */
  isSending(slot: number): boolean {
    return this.#outgoing.outbox.isHeld(slot);
  }

  /**
   * The kernel answers for what was sent.
   * @returns the error's number; 0: there is none
   */
  answered(slot: number, result: number): number {
    if (result < 0 && result !== -Errno.EAGAIN) return -result;
    const { outbox } = this.#outgoing;
    const taken = result < 0 ? 0 : result;
    this.#at[slot] = this.#at[slot]! + taken;
    this.#left[slot] = this.#left[slot]! - taken;
    if (this.#left[slot] > 0) {
      outbox.hold(slot);
      this.#send(slot, false);
    } else outbox.release(slot);
    return 0;
  }

  #send(slot: number, atOnce: boolean): void {
    const { ring } = this.#rings.of(slot);
    const place = this.#rings.placeOf(slot);
    const sum = this.#addressLow + this.#at[slot]!;
    const low = sum | 0;
    const high = sum >= 0x1_0000_0000 ? this.#addressHigh + 1 : this.#addressHigh;
    const length = this.#left[slot]!;
    const generation = this.#generation[slot]!;
    if (atOnce) sendAtOnce(ring, place, low, high, length, generation);
    else sendInTime(ring, place, low, high, length, generation);
  }

  /** What was taken before is with the kernel. */
  #mayRefill(slot: number): boolean {
    return this.#isBehind[this.#rings.of(slot).index] === 0;
  }
}
