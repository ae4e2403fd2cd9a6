import type { Libc } from '../uring/libc.js';
import { highWord, lowWord, type Memory } from '../uring/memory.js';

/** Octets that are sent again and again, from where the kernel reads them. */
export class FixedAnswer {
  readonly low: number;
  readonly high: number;
  readonly length: number;
  readonly #memory: Memory;

  constructor(libc: Libc, octets: Buffer) {
    this.#memory = libc.allocate(octets.length);
    this.#memory.bytes.set(octets);
    this.low = lowWord(this.#memory.address);
    this.high = highWord(this.#memory.address);
    this.length = octets.length;
  }

  free(libc: Libc): void {
    libc.free(this.#memory);
  }
}

/** What a null server says to what came, which it hardly looks at. */
export interface FixedAnswers {
  /** What `bytes[start]` … `bytes[end − 1]`, which came in one piece, are answered with; null: nothing. */
  to(bytes: Uint8Array, start: number, end: number): FixedAnswer | null;
  free(): void;
}
