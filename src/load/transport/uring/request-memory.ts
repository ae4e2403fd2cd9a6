import type { Libc } from '../../../uring/libc.js';
import { Addresses, highWord, lowWord, type Memory } from '../../../uring/memory.js';
import type { EncodedRequest } from '../../protocol/codec.js';

/** The octets of requests where the kernel can read them while it sends. */
export class RequestMemory {
  readonly #libc: Libc;
  readonly #requests: readonly (readonly EncodedRequest[])[];
  /** By origin and request: those that are always the same. */
  readonly #constants: readonly (readonly Constant[])[];
  /** By exchange: those that differ from one to the next; null where there are none. */
  readonly #varying: Memory | null;
  readonly #varyingBytes: number;
  /** Where one place serves all exchanges, its address. */
  readonly #onlyPlace: Addresses | null;
  // Of the request last placed.
  /** For foreign calls; null: as the halves have it. */
  address: number | null = null;
  addressLow = 0;
  addressHigh = 0;
  length = 0;

  /**
   * @param requests by origin, and then by request
   * @param places for how many exchanges at once; 1: what is put there is used up before the next
   */
  constructor(libc: Libc, requests: readonly (readonly EncodedRequest[])[], places: number) {
    this.#libc = libc;
    this.#requests = requests;
    this.#constants = requests.map((row) => row.map((request) => this.#place(request)));
    const varying = requests.flat().filter((request) => !request.isConstant);
    // Aligned, so that no two share a cache line. Pages that are never used cost nothing.
    this.#varyingBytes = Math.ceil(Math.max(0, ...varying.map((r) => r.maxBytes)) / 64) * 64;
    this.#varying = varying.length === 0 ? null : libc.allocate(this.#varyingBytes * places);
    this.#onlyPlace =
      places === 1 && this.#varying !== null ? new Addresses([this.#varying.address]) : null;
  }

  /** Puts request number `sequence` where it stays until the exchange's next one. */
  put(exchange: number, origin: number, request: number, sequence: number): void {
    const constant = this.#constants[origin]![request]!;
    if (constant.memory !== null) {
      this.addressLow = constant.addressLow;
      this.addressHigh = constant.addressHigh;
      this.length = constant.memory.length;
      this.address = constant.addresses.at(0);
      return;
    }
    const at = this.#onlyPlace === null ? exchange * this.#varyingBytes : 0;
    const bytes = this.#requests[origin]![request]!.write(this.#varying!.bytes, at, sequence);
    const address = this.#varying!.address + at;
    this.addressLow = lowWord(address);
    this.addressHigh = highWord(address);
    this.length = bytes;
    this.address = this.#onlyPlace === null ? null : this.#onlyPlace.at(0);
  }

  free(): void {
    if (this.#varying !== null) this.#libc.free(this.#varying);
    for (const { memory } of this.#constants.flat()) if (memory !== null) this.#libc.free(memory);
  }

  #place(request: EncodedRequest): Constant {
    if (!request.isConstant) return notConstant;
    const memory = this.#libc.allocate(request.maxBytes);
    request.write(memory.bytes, 0, 0);
    return {
      memory,
      addresses: new Addresses([memory.address]),
      addressLow: lowWord(memory.address),
      addressHigh: highWord(memory.address),
    };
  }
}

interface Constant {
  readonly memory: Memory | null;
  readonly addresses: Addresses;
  readonly addressLow: number;
  readonly addressHigh: number;
}

const notConstant: Constant = {
  memory: null,
  addresses: new Addresses([]),
  addressLow: 0,
  addressHigh: 0,
};
