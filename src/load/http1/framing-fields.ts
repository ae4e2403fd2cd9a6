import { COMMA, HTAB, LOWER_TOKEN, NINE, QUOTE, SP, ZERO, ascii } from './bytes.js';

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

  /** Before the octets of a value. */
  begin(field: number): void {
    this.field = field;
    this.at = 0;
    this.digits = 0;
    if (field === TRANSFER_ENCODING) this.encoded = true;
  }

  /** false: the value is invalid, or a length above 2^53 − 1. */
  read(byte: number): boolean {
    if (this.field === CONTENT_LENGTH) return this.readLength(byte);
    this.readList(byte);
    return true;
  }

  /** After the last octet of a value; false: it is invalid. */
  end(): boolean {
    if (this.field === CONTENT_LENGTH) return this.endLength();
    this.endWord();
    return true;
  }

  /** A number, or a list of the same number (RFC 9110 §8.6). */
  private readLength(byte: number): boolean {
    if (byte >= ZERO && byte <= NINE) {
      if (this.at === AFTER_DIGITS) return false;
      this.at = IN_DIGITS;
      this.digits = this.digits * 10 + (byte - ZERO);
      return this.digits <= Number.MAX_SAFE_INTEGER;
    }
    if (byte === COMMA) return this.endLength();
    if (byte !== SP && byte !== HTAB) return false;
    if (this.at === IN_DIGITS) this.at = AFTER_DIGITS;
    return true;
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
  private readList(byte: number): void {
    const at = this.at;
    if (at === QUOTED) return;
    if (byte === COMMA) {
      this.endWord();
    } else if (byte === SP || byte === HTAB) {
      if (at > 0 && at !== ENDED) this.at = this.isWhole() ? ENDED : OTHER_WORD;
    } else if (byte === QUOTE) {
      // A comma within quotes parts nothing. No registered coding has quoted parameters, so the rest
      // of the field is taken as one word that is not known.
      this.at = QUOTED;
    } else {
      this.matchWord(LOWER_TOKEN[byte]!);
    }
  }

  private matchWord(lower: number): void {
    const at = this.at;
    if (at === 0) {
      if (this.field === TRANSFER_ENCODING) this.word = CHUNKED;
      else this.word = lower === 0x63 ? CLOSE : KEEP_ALIVE;
    }
    const word = WORDS[this.word]!;
    this.at = at >= 0 && at < word.length && word[at] === lower ? at + 1 : OTHER_WORD;
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
