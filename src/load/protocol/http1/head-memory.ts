import { FramingFields } from './framing-fields.js';

/** Longer heads are read each time. */
const MAX_REMEMBERED_BYTES = 2048;
/** So many different heads in a row, and comparing is given up … */
const PATIENCE = 16;
/** … until so many more have come. */
const RETRY_AFTER = 1024;

/**
 * The head that came last and what was read from it. Most servers send the same octets again and
 * again, but for a Date that changes once a second, and comparing them takes a fifth of the time of
 * reading them. Since what a head says depends on its octets alone, equal octets need no reading.
 */
class HeadMemory {
  byteCount = 0;
  status = 0;
  minor = 0;
  readonly fields = new FramingFields();

  private readonly bytes = Buffer.alloc(MAX_REMEMBERED_BYTES);
  /** Misses in a row; from `PATIENCE` on, how many heads were not compared as well. */
  private misses = 0;

  /** Whether the remembered head is what stands at `start`. */
  matches(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.byteCount;
    if (this.misses >= PATIENCE || length === 0 || end - start < length) return false;
    if (this.bytes.compare(bytes, start, start + length, 0, length) !== 0) return false;
    this.misses = 0;
    return true;
  }

  /** Takes a head that did not match; false: it is not to be remembered. */
  replace(bytes: Uint8Array, start: number, end: number): boolean {
    this.misses += 1;
    if (this.misses >= PATIENCE) {
      if (this.misses < PATIENCE + RETRY_AFTER) return false;
      this.misses = 0;
    }
    if (end - start > MAX_REMEMBERED_BYTES) return false;
    for (let i = start; i < end; i += 1) this.bytes[i - start] = bytes[i]!;
    this.byteCount = end - start;
    return true;
  }
}

/** One for all the connections of a thread: they talk to the same servers. */
export const headMemory = new HeadMemory();
