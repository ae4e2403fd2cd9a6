import type { Libc } from '../uring/libc.js';
import { highWord, lowWord, type Memory } from '../uring/memory.js';
import { Control, type OpenSsl, type Pointer } from './openssl.js';

const scratchBytes = 64;
/** A BUF_MEM of openssl/buffer.h: length, data, max, each of two words; and flags. */
const structBytes = 32;
const structWords = structBytes / 4;
const lengthAt = 0;
const dataAt = 2;

/**
 * Where OpenSSL reads and writes, in place of a socket (BIO_s_mem(3)): one pair for all connections
 * of a thread. Each call of OpenSSL's takes all that is there and is done, so nothing of one
 * connection is left when the next one's turn comes, and an idle connection needs no BIO memory.
 *
 * Both are looked at in their BUF_MEM, instead of by calls: the input, which is read-only to OpenSSL,
 * is pointed to where the kernel put the octets, and says what of them is left; the output's length is
 * set to 0 when it was taken, and is no longer 0 once OpenSSL writes. `behave` tells whether this
 * OpenSSL keeps to that.
 */
export class MemoryBios {
  readonly input: Pointer;
  readonly output: Pointer;
  readonly #openssl: OpenSsl;
  readonly #libc: Libc;
  readonly #scratch: Memory;
  readonly #in: Int32Array;
  readonly #out: Int32Array;

  constructor(openssl: OpenSsl, libc: Libc) {
    this.#openssl = openssl;
    this.#libc = libc;
    this.#scratch = libc.allocate(scratchBytes);
    this.input = openssl.newReadBio(this.#scratch.address, 0);
    // Nothing left means "later", not "the end".
    openssl.bioControl(this.input, Control.endReturn, -1, 0);
    this.output = openssl.newBio(openssl.memoryBio());
    openssl.bioControl(this.output, Control.endReturn, -1, 0);
    this.#in = this.#structOf(this.input);
    this.#out = this.#structOf(this.output);
  }

  /** OpenSSL reads from there next, by the halves of the address. */
  give(low: number, high: number, length: number): void {
    this.#in[dataAt] = low;
    this.#in[dataAt + 1] = high;
    this.#in[lengthAt] = length;
  }

  /** What of that OpenSSL has not read; of no use to anybody where the connection is gone. */
  get left(): number {
    return this.#in[lengthAt]!;
  }

  /** OpenSSL has written something that was not taken. */
  get hasOutput(): boolean {
    return this.#out[lengthAt] !== 0;
  }

  /** Moves what OpenSSL wrote, as far as there is room; returns how many octets. */
  take(to: Pointer, room: number): number {
    const taken = this.#openssl.bioRead(this.output, to, room);
    if (taken < room) this.#out[lengthAt] = 0;
    return Math.max(0, taken);
  }

  /** Whether this OpenSSL's are as the comment above has it. */
  behave(): boolean {
    const { address, bytes } = this.#scratch;
    const to = address + 32;
    bytes.set([1, 2, 3, 4, 5]);
    this.give(lowWord(address), highWord(address), 5);
    const { bioRead, bioWrite } = this.#openssl;
    const reads = bioRead(this.input, to, 2) === 2 && bytes[33] === 2 && this.left === 3;
    const readsAll = bioRead(this.input, to, 9) === 3 && bytes[34] === 5 && this.left === 0;
    const waits = bioRead(this.input, to, 9) === -1;
    const isEmpty = (): boolean => !this.hasOutput;
    const writes = (): boolean => {
      if (!isEmpty() || bioWrite(this.output, address, 5) !== 5 || isEmpty()) return false;
      return this.take(to, 9) === 5 && bytes[36] === 5;
    };
    return reads && readsAll && waits && writes() && writes() && isEmpty();
  }

  /** The connections that use them hold them as well. */
  free(): void {
    this.#openssl.freeBio(this.input);
    this.#openssl.freeBio(this.output);
    this.#libc.free(this.#scratch);
  }

  #structOf(bio: Pointer): Int32Array {
    const { address, bytes, buffer } = this.#scratch;
    this.#openssl.bioControl(bio, Control.memory, 0, address);
    const at = Number(new DataView(buffer).getBigUint64(0, true));
    bytes.fill(0);
    return new Int32Array(this.#openssl.view(at, structBytes).buffer, 0, structWords);
  }
}
