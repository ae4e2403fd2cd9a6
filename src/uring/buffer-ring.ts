import { Register } from './abi.js';
import type { Libc } from './libc.js';
import { highWord, lowWord, type Memory } from './memory.js';
import type { Ring } from './ring.js';

const entryBytes = 16;
/** Where the tail is, counted in halves of words: the spare field of the first entry. */
const tailHalf = 7;

/**
 * Buffers that the kernel takes from as data arrives, so that memory is needed for responses in
 * flight only, not for each connection (IORING_REGISTER_PBUF_RING, io_uring_register(2)).
 */
export class BufferRing {
  static readonly group = 0;
  readonly bytes: Uint8Array;
  readonly bufferBytes: number;
  readonly #libc: Libc;
  readonly #entries: Memory;
  readonly #buffers: Memory;
  readonly #words: Uint32Array;
  readonly #halves: Uint16Array;
  /** By buffer, the halves of its address. */
  readonly lowWords: Int32Array;
  readonly highWords: Int32Array;
  readonly #mask: number;
  #tail = 0;

  /** @param count a power of two, at most 32,768 */
  constructor(libc: Libc, ring: Ring, count: number, bufferBytes: number) {
    this.#libc = libc;
    this.bufferBytes = bufferBytes;
    this.#mask = count - 1;
    this.#entries = libc.allocate(count * entryBytes);
    this.#buffers = libc.allocate(count * bufferBytes);
    this.bytes = this.#buffers.bytes;
    this.#words = new Uint32Array(this.#entries.buffer);
    this.#halves = new Uint16Array(this.#entries.buffer);
    const addresses = Float64Array.from(
      { length: count },
      (_, id) => this.#buffers.address + id * bufferBytes,
    );
    this.lowWords = Int32Array.from(addresses, lowWord);
    this.highWords = Int32Array.from(addresses, highWord);
    const argument = libc.allocate(4096);
    const registration = new DataView(argument.buffer);
    registration.setBigUint64(0, BigInt(this.#entries.address), true);
    registration.setUint32(8, count, true);
    registration.setUint16(12, BufferRing.group, true);
    ring.register(Register.bufferRing, argument.address, 1);
    libc.free(argument);
    for (let id = 0; id < count; id++) this.give(id);
    this.publish();
  }

  /** Gives a buffer back; the kernel sees it from `publish` on. */
  give(id: number): void {
    const word = (this.#tail & this.#mask) << 2;
    this.#words[word] = this.lowWords[id]!;
    this.#words[word + 1] = this.highWords[id]!;
    this.#words[word + 2] = this.bufferBytes;
    // A half only: the other half of the first entry is the tail.
    this.#halves[(word + 3) << 1] = id;
    this.#tail = (this.#tail + 1) & 0xffff;
  }

  publish(): void {
    this.#halves[tailHalf] = this.#tail;
  }

  free(): void {
    this.#libc.free(this.#entries);
    this.#libc.free(this.#buffers);
  }
}
