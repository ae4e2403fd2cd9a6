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
