import { decodeHuffman } from './huffman.js';
import { FieldName, readFieldName } from './field-names.js';
import { lastPseudoEntry, staticEntries, StaticName, staticStatuses } from './static-table.js';

export const Fields = {
  good: 0,
  /** They break a rule of HTTP (RFC 9113 §8.1.1): the response is of no use, the connection is. */
  malformed: 1,
  /** They are no header block (RFC 7541): so is nothing that follows on the connection. */
  undecodable: 2,
} as const;

/** More would not be a length that a body can have. */
const mostDigits = 15;
const scratchBytes = 256;

/**
 * Reads a header block (RFC 7541 §6) for the little that is needed of it, and steps over the rest.
 * There is no dynamic table, since c1m says that it has none (§4.2): what refers to it is an error.
 */
export class ResponseFields {
  /** Three digits; 0: there is none. */
  status = 0;
  /** −1: there is none. */
  contentLength = -1;

  readonly #scratch = new Uint8Array(scratchBytes);
  #bytes: Uint8Array = this.#scratch;
  #at = 0;
  #end = 0;
  #isBroken = false;
  #isMalformed = false;
  /** A field other than a pseudo-header has come. */
  #isPastPseudo = false;

  /** @param isTrailer a trailer section, which has no status */
  read(bytes: Uint8Array, start: number, end: number, isTrailer: boolean): number {
    this.status = 0;
    this.contentLength = -1;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#isBroken = false;
    this.#isMalformed = false;
    this.#isPastPseudo = isTrailer;
    this.#readTableSize();
    while (this.#at < this.#end && !this.#isBroken) this.#readField();
    if (this.#isBroken) return Fields.undecodable;
    if (!isTrailer && this.status === 0) return Fields.malformed;
    return this.#isMalformed ? Fields.malformed : Fields.good;
  }

  /** The server says, at the beginning, that it keeps to a table of no octets. */
  #readTableSize(): void {
    while (this.#at < this.#end && (this.#bytes[this.#at]! & 0xe0) === 0x20) {
      if (this.#readInteger(5) !== 0) this.#isBroken = true;
    }
  }

  #readField(): void {
    const first = this.#bytes[this.#at]!;
    if (first >= 0x80) this.#readIndexed();
    // With incremental indexing, without, or never to be indexed: without a table it is the same.
    else if (first >= 0x40) this.#readLiteral(this.#readInteger(6));
    else if (first >= 0x20) this.#isBroken = true;
    else this.#readLiteral(this.#readInteger(4));
  }

  #readIndexed(): void {
    const index = this.#readInteger(7);
    if (index === 0 || index > staticEntries) this.#isBroken = true;
    else if (index > lastPseudoEntry) this.#seen(index);
    else if (index < StaticName.firstStatus || this.#isPastPseudo || this.status !== 0) {
      this.#isMalformed = true;
    } else this.status = staticStatuses[index - StaticName.firstStatus]!;
  }

  #readLiteral(index: number): void {
    if (this.#isBroken || index > staticEntries) {
      this.#isBroken = true;
      return;
    }
    const name = index === 0 ? this.#readName() : this.#nameOf(index);
    if (this.#isBroken) return;
    if (name === FieldName.status) this.#readStatus();
    else {
      this.#isPastPseudo = true;
      if (name === FieldName.bad) this.#isMalformed = true;
      if (name === FieldName.contentLength) this.#readContentLength();
      else this.#skipString();
    }
  }

  #seen(index: number): void {
    this.#isPastPseudo = true;
    // Without a value, as these entries are.
    if (index === StaticName.transferEncoding || index === StaticName.contentLength) {
      this.#isMalformed = true;
    }
  }

  #nameOf(index: number): number {
    if (index > lastPseudoEntry) {
      if (index === StaticName.contentLength) return FieldName.contentLength;
      return index === StaticName.transferEncoding ? FieldName.bad : FieldName.other;
    }
    return index >= StaticName.firstStatus ? FieldName.status : FieldName.bad;
  }

  #readStatus(): void {
    const length = this.#readString();
    const text = this.#textAt;
    if (this.#isBroken) return;
    const bytes = this.#text;
    let status = 0;
    for (let i = 0; i < length && i < 3; i++) status = status * 10 + bytes[text + i]! - 0x30;
    const isNumber = length === 3 && areDigits(bytes, text, 3) && status >= 100;
    if (!isNumber || this.#isPastPseudo || this.status !== 0) this.#isMalformed = true;
    else this.status = status;
  }

  #readContentLength(): void {
    const length = this.#readString();
    if (this.#isBroken) return;
    const bytes = this.#text;
    const text = this.#textAt;
    if (length === 0 || length > mostDigits || !areDigits(bytes, text, length)) {
      this.#isMalformed = true;
      return;
    }
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 10 + bytes[text + i]! - 0x30;
    // Given twice, it may not be two (RFC 9110 §8.6).
    if (this.contentLength !== -1 && this.contentLength !== value) this.#isMalformed = true;
    this.contentLength = value;
  }

  #readName(): number {
    const length = this.#readString();
    if (this.#isBroken) return FieldName.bad;
    // Longer than what is kept of it, it is none of those that are known.
    const kept = this.#text === this.#scratch ? Math.min(length, scratchBytes) : length;
    return readFieldName(this.#text, this.#textAt, kept);
  }

  // Where the string that was read last stands, decoded.
  #text: Uint8Array = this.#scratch;
  #textAt = 0;

  /** @returns its length */
  #readString(): number {
    const isHuffman = this.#at < this.#end && this.#bytes[this.#at]! >= 0x80;
    const length = this.#readInteger(7);
    const start = this.#at;
    if (length > this.#end - start) this.#isBroken = true;
    if (this.#isBroken) return 0;
    this.#at = start + length;
    if (!isHuffman) {
      this.#text = this.#bytes;
      this.#textAt = start;
      return length;
    }
    this.#text = this.#scratch;
    this.#textAt = 0;
    const decoded = decodeHuffman(this.#bytes, start, this.#at, this.#scratch);
    if (decoded < 0) this.#isBroken = true;
    return decoded;
  }

  /** A value that nobody asks for. */
  #skipString(): void {
    const length = this.#readInteger(7);
    if (length > this.#end - this.#at) this.#isBroken = true;
    else this.#at += length;
  }

  /** RFC 7541 §5.1; what is above 2^28 is no length of anything. */
  #readInteger(bits: number): number {
    if (this.#at >= this.#end) {
      this.#isBroken = true;
      return 0;
    }
    const most = (1 << bits) - 1;
    let value = this.#bytes[this.#at++]! & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.#at >= this.#end) break;
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.#isBroken = true;
    return 0;
  }
}

function areDigits(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++)
    if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
  return true;
}
