import { COMMA, CR, HTAB, LF, LOWER_TOKEN, NINE, NUL, QUOTE, SP, ZERO, ascii } from './bytes.js';

/** The fields that tell where a response ends and whether the connection goes on. */
export const CONTENT_LENGTH = 0;
export const TRANSFER_ENCODING = 1;
export const CONNECTION = 2;

const WORDS = [ascii('chunked'), ascii('close'), ascii('keep-alive')] as const;
const CHUNKED = 0;
const CLOSE = 1;
const KEEP_ALIVE = 2;

// `at` counts the octets of a word that were matched, or is one of these.
const ENDED = 64;
const OTHER_WORD = -1;
const QUOTED = -2;

// For a length, `at` is one of these.
const BEFORE_DIGITS = 0;
const IN_DIGITS = 1;
const AFTER_DIGITS = 2;

/** Reads the values of Content-Length, Transfer-Encoding and Connection, octet by octet. */
export class FramingFields {
  /** Octets; −1 without the field. */
  contentLength = -1;
  /** A Transfer-Encoding was there, whatever it said. */
  encoded = false;
  /** `chunked` is the last of the transfer codings. */
  chunked = false;
  close = false;
  keepAlive = false;

  private field = CONTENT_LENGTH;
  private at = 0;
  private word = CHUNKED;
  private digits = 0;

  reset(): void {
    this.contentLength = -1;
    this.encoded = false;
    this.chunked = false;
    this.close = false;
    this.keepAlive = false;
  }

  copy(other: FramingFields): void {
    this.contentLength = other.contentLength;
    this.encoded = other.encoded;
    this.chunked = other.chunked;
    this.close = other.close;
    this.keepAlive = other.keepAlive;
  }

  /** Before the octets of a value. */
  begin(field: number): void {
    this.field = field;
    this.at = 0;
    this.digits = 0;
    if (field === TRANSFER_ENCODING) this.encoded = true;
  }

  /**
   * Reads a value on, up to the end of its line; returns the index of CR, LF or NUL, `end` if none
   * came, or `~index` of the octet that makes the value invalid: not a number, or above 2^53 − 1.
   */
  feed(bytes: Uint8Array, start: number, end: number): number {
    return this.field === CONTENT_LENGTH
      ? this.feedLength(bytes, start, end)
      : this.feedList(bytes, start, end);
  }

  /** After the last octet of a value; false: it is invalid. */
  end(): boolean {
    if (this.field === CONTENT_LENGTH) return this.endLength();
    this.endWord();
    return true;
  }

  /** A number, or a list of the same number (RFC 9110 §8.6). */
  private feedLength(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i]!;
      if (byte >= ZERO && byte <= NINE) {
        if (this.at === AFTER_DIGITS) return ~i;
        this.at = IN_DIGITS;
        this.digits = this.digits * 10 + (byte - ZERO);
        if (this.digits > Number.MAX_SAFE_INTEGER) return ~i;
      } else if (byte === SP || byte === HTAB) {
        if (this.at === IN_DIGITS) this.at = AFTER_DIGITS;
      } else if (byte === COMMA) {
        if (!this.endLength()) return ~i;
      } else {
        return endsLine(byte) ? i : ~i;
      }
    }
    return end;
  }

  private endLength(): boolean {
    if (this.at === BEFORE_DIGITS) return false;
    if (this.contentLength !== -1 && this.contentLength !== this.digits) return false;
    this.contentLength = this.digits;
    this.digits = 0;
    this.at = BEFORE_DIGITS;
    return true;
  }

  /** A list of words, some of them possibly empty (RFC 9110 §5.6.1). */
  private feedList(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end) {
      i = this.matchWord(bytes, i, end);
      if (i === end || endsLine(bytes[i]!)) break;
      this.readMismatch(bytes[i]!);
      i += 1;
    }
    return i;
  }

  /** Goes along with the word that it may be, up to the first octet that is not of that word. */
  private matchWord(bytes: Uint8Array, start: number, end: number): number {
    let at = this.at;
    if (at < 0 || at === ENDED) return start;
    if (at === 0) {
      if (this.field === TRANSFER_ENCODING) this.word = CHUNKED;
      else this.word = LOWER_TOKEN[bytes[start]!] === 0x63 ? CLOSE : KEEP_ALIVE;
    }
    const word: Uint8Array = WORDS[this.word]!;
    let i = start;
    while (i < end && at < word.length && LOWER_TOKEN[bytes[i]!] === word[at]) {
      at += 1;
      i += 1;
    }
    this.at = at;
    return i;
  }

  private readMismatch(byte: number): void {
    if (this.at === QUOTED) return;
    if (byte === COMMA) {
      this.endWord();
    } else if (byte === SP || byte === HTAB) {
      if (this.at !== 0) this.at = this.isWhole() ? ENDED : OTHER_WORD;
    } else {
      // A comma within quotes parts nothing. No registered coding has quoted parameters, so the rest
      // of the field is taken as one word that is not known.
      this.at = byte === QUOTE ? QUOTED : OTHER_WORD;
    }
  }

  private isWhole(): boolean {
    return this.at === ENDED || this.at === WORDS[this.word]!.length;
  }

  private endWord(): void {
    if (this.at === 0) return;
    const known = this.isWhole();
    if (this.field === TRANSFER_ENCODING) this.chunked = known;
    else if (known && this.word === CLOSE) this.close = true;
    else if (known) this.keepAlive = true;
    this.at = 0;
  }
}

function endsLine(byte: number): boolean {
  return byte === CR || byte === LF || byte === NUL;
}
