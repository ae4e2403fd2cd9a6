/** Memory outside V8's heap that the kernel reads and writes; it never moves. */
export class Memory {
  readonly address: number;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;

  constructor(address: number, buffer: ArrayBuffer) {
    this.address = address;
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer);
  }

  get length(): number {
    return this.buffer.byteLength;
  }
}

/** The low and the high half of an address, as the two 32-bit words that a submission holds. */
export function lowWord(address: number): number {
  return (address % 0x1_0000_0000) | 0;
}

export function highWord(address: number): number {
  return Math.floor(address / 0x1_0000_0000) | 0;
}

/** The address with these halves. */
export function addressOf(low: number, high: number): number {
  return (high >>> 0) * 0x1_0000_0000 + (low >>> 0);
}

/**
 * Addresses for foreign calls that allocate nothing. V8 keeps a list of nothing but numbers without
 * their objects, and makes one for each call; a list that also holds null keeps them as they are.
 */
export class Addresses {
  readonly #all: (number | null)[];

  constructor(all: readonly number[]) {
    this.#all = [null, ...all];
  }

  at(index: number): number {
    return this.#all[index + 1]!;
  }
}
