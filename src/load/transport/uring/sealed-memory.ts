import type { Libc } from '../../../uring/libc.js';
import { Addresses, highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { mostSentQuietly } from '../../../uring/operations.js';

/** No more wait in a ring to be handed over; in several rings, they are told of those before. */
const places = 256;
/** A line of the cache more than a page: else all places would be in the same few lines of it. */
const stride = mostSentQuietly + 64;

/** Octets of a connection's own memory that it keeps while it has no use for it. */
const mostKept = 65_536;

/**
 * Where sealed octets stand until the kernel has them. One does not hear of a send that succeeds, so
 * it must be known beforehand how long they have to stay.
 *
 * Short ones stand in one of a few places that all connections share. The kernel copies them when it
 * takes the submission, if the socket has room (tcp(7)); the place may be used again once the ring was
 * handed over. That there is room is certain: no more than `mostSentQuietly` octets are sent while
 * nothing else waits, since a connection with one request at a time sends the next when the one before
 * is answered, and the answer acknowledges it.
 *
 * Long ones have memory of their connection's own, and the kernel says when it has sent them.
 */
export class SealedMemory {
  readonly room = mostSentQuietly;
  readonly addresses: Addresses;
  readonly lows: Int32Array;
  readonly highs: Int32Array;
  readonly #libc: Libc;
  readonly #short: Memory;
  readonly #long = new Map<number, LongMemory>();
  #next = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#short = libc.allocate(places * stride);
    const all = Array.from({ length: places }, (_, place) => this.#short.address + place * stride);
    this.addresses = new Addresses(all);
    this.lows = Int32Array.from(all, lowWord);
    this.highs = Int32Array.from(all, highWord);
  }

  /** Nothing is in use: the first places, which are in the cache, may be used again. */
  rewind(): void {
    this.#next = 0;
  }

  /** All places are in use: what is pending has to be handed over, and then `rewind` called. */
  get isFull(): boolean {
    return this.#next === places;
  }

  /** The next place. */
  claim(): number {
    return this.#next++;
  }

  /** What stands in a place. */
  octets(place: number, length: number): Uint8Array {
    return this.#short.bytes.subarray(place * stride, place * stride + length);
  }

  /** Memory of a connection's own, of so many octets at the least, until `sent`. */
  long(slot: number, bytes: number): LongMemory {
    const known = this.#long.get(slot);
    if (known !== undefined) {
      if (known.memory.length >= bytes) return known;
      this.#libc.free(known.memory);
    }
    const memory = this.#libc.allocate(bytes);
    const { address } = memory;
    const long = { memory, low: lowWord(address), high: highWord(address) };
    this.#long.set(slot, long);
    return long;
  }

  /** The connection's own memory is not needed until the next long message. */
  sent(slot: number): void {
    const long = this.#long.get(slot);
    if (long === undefined || long.memory.length <= mostKept) return;
    this.#long.delete(slot);
    this.#libc.free(long.memory);
  }

  /** The rings must be closed. */
  free(): void {
    this.#libc.free(this.#short);
    for (const { memory } of this.#long.values()) this.#libc.free(memory);
  }
}

/** Memory, with the halves of its address. */
interface LongMemory {
  readonly memory: Memory;
  readonly low: number;
  readonly high: number;
}
