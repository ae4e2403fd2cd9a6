import { CR, HEX_VALUE, HTAB, LF, NUL, SEMICOLON, SP } from './bytes.js';

const FIRST_DIGIT = 0;
const DIGITS = 1;
const PADDING = 2;
const EXTENSION = 3;
const SIZE_END = 4;
const AFTER_DATA = 5;
const DATA_END = 6;
const READY = 7;
const MALFORMED = 8;

/** Reads what stands between the pieces of a chunked body (RFC 9112 §7.1): sizes and extensions. */
export class ChunkFraming {
  /** Octets in the chunk that begins; 0: the last chunk, a trailer section follows. */
  size = 0;
  private state = FIRST_DIGIT;

  /** Before the first chunk. */
  reset(): void {
    this.size = 0;
    this.state = FIRST_DIGIT;
  }

  /** Behind a chunk's data. */
  next(): void {
    this.size = 0;
    this.state = AFTER_DATA;
  }

  /** `size` is known, and its line read. */
  get ready(): boolean {
    return this.state === READY;
  }

  get malformed(): boolean {
    return this.state === MALFORMED;
  }

  /** Reads on, up to the chunk's data at most; returns the index after the last octet used. */
  feed(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end && this.state < READY) {
      this.read(bytes[i]!);
      i += 1;
    }
    return i;
  }

  private read(byte: number): void {
    switch (this.state) {
      case FIRST_DIGIT:
      case DIGITS:
        if (HEX_VALUE[byte] !== 255) this.readDigit(HEX_VALUE[byte]!);
        else if (this.state === DIGITS) this.readAfterSize(byte);
        else this.state = MALFORMED;
        break;
      case PADDING:
        this.readAfterSize(byte);
        break;
      case EXTENSION:
        if (byte === CR) this.state = SIZE_END;
        else if (byte === LF) this.state = READY;
        else if (byte === NUL) this.state = MALFORMED;
        break;
      case SIZE_END:
        this.state = byte === LF ? READY : MALFORMED;
        break;
      case AFTER_DATA:
        if (byte === CR) this.state = DATA_END;
        else this.state = byte === LF ? FIRST_DIGIT : MALFORMED;
        break;
      default:
        this.state = byte === LF ? FIRST_DIGIT : MALFORMED;
    }
  }

  private readDigit(value: number): void {
    this.size = this.size * 16 + value;
    this.state = this.size <= Number.MAX_SAFE_INTEGER ? DIGITS : MALFORMED;
  }

  /** Some servers pad the size with spaces, to a fixed width. */
  private readAfterSize(byte: number): void {
    if (byte === CR) this.state = SIZE_END;
    else if (byte === LF) this.state = READY;
    else if (byte === SEMICOLON) this.state = EXTENSION;
    else this.state = byte === SP || byte === HTAB ? PADDING : MALFORMED;
  }
}
