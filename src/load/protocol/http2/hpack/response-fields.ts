import { eventFormats, formatOfType, type EventFormat } from '../../events/event-format.js';
import { DynamicTables } from './dynamic-table.js';
import { decodeHuffman } from './huffman.js';
import { FieldName, readFieldName } from './field-names.js';
import {
  lastPseudoEntry,
  staticEntries,
  StaticName,
  staticNameLengths,
  staticStatuses,
} from './static-table.js';

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
/** It is no number that gRPC has. */
const noGrpcStatus = 99;

/**
 * Reads a header block (RFC 7541 §6) for the little that is needed of it, and steps over the rest.
 * Of the fields that a server keeps in a table in spite of c1m's wish, it is kept what they mean.
 */
export class ResponseFields {
  /** Three digits; 0: there is none. */
  status = 0;
  /** −1: there is none. */
  contentLength = -1;
  /** What the Content-Type says; `none` also where nobody asks for it. */
  contentFormat: EventFormat = 'none';
  /** −1: there is none; above 16, it is none that gRPC has. */
  grpcStatus = -1;
  /** Octets of `grpcText` that hold what gRPC says of it, percent-encoded. */
  grpcTextLength = 0;
  readonly grpcText = new Uint8Array(scratchBytes);

  readonly #wantsType: boolean;
  readonly #tables: DynamicTables;
  #connection = 0;
  readonly #scratch = new Uint8Array(scratchBytes);
  #bytes: Uint8Array = this.#scratch;
  #at = 0;
  #end = 0;
  #isBroken = false;
  #isMalformed = false;
  /** A field other than a pseudo-header has come. */
  #isPastPseudo = false;

  /** @param wantsType whether the Content-Type is read */
  constructor(connections: number, wantsType: boolean) {
    this.#wantsType = wantsType;
    this.#tables = new DynamicTables(connections);
  }

  /** The connection is closed. */
  forget(connection: number): void {
    this.#tables.forget(connection);
  }

  /**
   * Every block of a connection is to be read, in order.
   * @param isTrailer a trailer section, which has no status
   */
  read(
    connection: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    isTrailer: boolean,
  ): number {
    this.#connection = connection;
    this.#begin(bytes, start, end, isTrailer);
    this.#readTableSize();
    while (this.#at < this.#end && !this.#isBroken) this.#readField();
    if (this.#isBroken) return Fields.undecodable;
    if (!isTrailer && this.status === 0) return Fields.malformed;
    return this.#isMalformed ? Fields.malformed : Fields.good;
  }

  #begin(bytes: Uint8Array, start: number, end: number, isTrailer: boolean): void {
    this.status = 0;
    this.contentLength = -1;
    this.contentFormat = 'none';
    this.grpcStatus = -1;
    this.grpcTextLength = 0;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#isBroken = false;
    this.#isMalformed = false;
    this.#isPastPseudo = isTrailer;
  }

  /** How large a table the server keeps from now on; nothing of it, as c1m wishes. */
  #readTableSize(): void {
    while (this.#at < this.#end && (this.#bytes[this.#at]! & 0xe0) === 0x20) {
      if (!this.#tables.resize(this.#connection, this.#readInteger(5))) this.#isBroken = true;
    }
  }

  #readField(): void {
    const first = this.#bytes[this.#at]!;
    if (first >= 0x80) this.#readIndexed();
    else if (first >= 0x40) this.#readKeptLiteral(this.#readInteger(6));
    else if (first >= 0x20) this.#isBroken = true;
    // Without indexing, or never to be indexed.
    else this.#readLiteral(this.#readInteger(4));
  }

  #readIndexed(): void {
    const index = this.#readInteger(7);
    if (index === 0) this.#isBroken = true;
    else if (index > staticEntries) this.#readKept(index - staticEntries - 1);
    else if (index > lastPseudoEntry) this.#seen(index);
    else if (index < StaticName.firstStatus) this.#isMalformed = true;
    else this.#setStatus(staticStatuses[index - StaticName.firstStatus]!);
  }

  /** A field of the dynamic table, by how many have been added since. */
  #readKept(index: number): void {
    const table = this.#tables.of(this.#connection);
    if (table === null || index >= table.count) {
      this.#isBroken = true;
      return;
    }
    const meaning = table.meaning(index);
    const value = table.value(index);
    if (meaning === FieldName.status) this.#setStatus(value);
    else {
      this.#isPastPseudo = true;
      if (meaning === FieldName.bad) this.#isMalformed = true;
      else if (meaning === FieldName.contentLength) this.#setContentLength(value);
      else if (meaning === FieldName.contentType) this.contentFormat = eventFormats[value]!;
      else if (meaning === FieldName.grpcStatus) this.grpcStatus = value;
    }
  }

  // Of the literal that was read last.
  #meaning: number = FieldName.none;
  #nameLength = 0;
  #valueLength = 0;

  /** A literal that the server adds to its table. */
  #readKeptLiteral(index: number): void {
    this.#readLiteral(index);
    const capacity = this.#tables.capacity(this.#connection);
    if (capacity === 0 || this.#isBroken) return;
    const value = this.#valueRead();
    const table = this.#tables.used(this.#connection);
    table.add(capacity, this.#meaning, value, this.#nameLength, this.#valueLength);
  }

  /** Of the literal that was read last, where it can be told by a number. */
  #valueRead(): number {
    if (this.#meaning === FieldName.status) return this.status;
    if (this.#meaning === FieldName.contentType) return eventFormats.indexOf(this.contentFormat);
    return this.#meaning === FieldName.grpcStatus ? this.grpcStatus : this.contentLength;
  }

  #readLiteral(index: number): void {
    this.#meaning = index === 0 ? this.#readName() : this.#nameOf(index);
    if (this.#isBroken) return;
    if (this.#meaning === FieldName.status) this.#readStatus();
    else {
      this.#isPastPseudo = true;
      if (this.#meaning === FieldName.bad) this.#isMalformed = true;
      if (this.#meaning === FieldName.contentLength) this.#readContentLength();
      else if (this.#wantsType && this.#meaning === FieldName.contentType) this.#readContentType();
      else if (this.#meaning === FieldName.grpcStatus) this.#readGrpcStatus();
      else if (this.#meaning === FieldName.grpcMessage) this.#readGrpcMessage();
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

  /** What the name of an entry means. */
  #nameOf(index: number): number {
    if (index > staticEntries) {
      const table = this.#tables.of(this.#connection);
      const kept = index - staticEntries - 1;
      if (table === null || kept >= table.count) {
        this.#isBroken = true;
        return FieldName.none;
      }
      this.#nameLength = table.nameLength(kept);
      return table.meaning(kept);
    }
    if (this.#isBroken) return FieldName.none;
    this.#nameLength = staticNameLengths[index]!;
    if (index > lastPseudoEntry) {
      if (index === StaticName.contentLength) return FieldName.contentLength;
      if (index === StaticName.contentType) return FieldName.contentType;
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
    this.#valueLength = length;
    const isNumber = length === 3 && areDigits(bytes, text, 3) && status >= 100;
    if (isNumber) this.#setStatus(status);
    else this.#isMalformed = true;
  }

  #setStatus(status: number): void {
    if (this.#isPastPseudo || this.status !== 0) this.#isMalformed = true;
    else this.status = status;
  }

  #readContentLength(): void {
    const length = this.#readString();
    if (this.#isBroken) return;
    this.#valueLength = length;
    const bytes = this.#text;
    const text = this.#textAt;
    if (length === 0 || length > mostDigits || !areDigits(bytes, text, length)) {
      this.#isMalformed = true;
      return;
    }
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 10 + bytes[text + i]! - 0x30;
    this.#setContentLength(value);
  }

  #readContentType(): void {
    const length = this.#readString();
    if (this.#isBroken) return;
    this.#valueLength = length;
    // What is longer than the scratch, Huffman's code undone, is none that is known.
    const isWhole = this.#text !== this.#scratch || length <= scratchBytes;
    const { contentFormat } = this;
    const read = isWhole ? formatOfType(this.#text, this.#textAt, this.#textAt + length) : 'none';
    this.contentFormat = contentFormat === 'none' ? read : contentFormat;
  }

  #setContentLength(value: number): void {
    // Given twice, it may not be two (RFC 9110 §8.6).
    if (this.contentLength !== -1 && this.contentLength !== value) this.#isMalformed = true;
    this.contentLength = value;
  }

  #readGrpcStatus(): void {
    const length = this.#readString();
    if (this.#isBroken) return;
    this.#valueLength = length;
    let status = 0;
    for (let i = 0; i < length && i < 3; i++) {
      status = status * 10 + this.#text[this.#textAt + i]! - 0x30;
    }
    const isNumber = length > 0 && length < 3 && areDigits(this.#text, this.#textAt, length);
    this.grpcStatus = isNumber ? status : noGrpcStatus;
  }

  #readGrpcMessage(): void {
    const length = this.#readString();
    if (this.#isBroken) return;
    this.#valueLength = length;
    this.grpcTextLength = Math.min(length, scratchBytes);
    for (let i = 0; i < this.grpcTextLength; i++) {
      this.grpcText[i] = this.#text[this.#textAt + i]!;
    }
  }

  #readName(): number {
    const length = this.#readString();
    if (this.#isBroken) return FieldName.none;
    this.#nameLength = length;
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

  /** A value that nobody asks for; its length matters where it is kept. */
  #skipString(): void {
    const isHuffman = this.#at < this.#end && this.#bytes[this.#at]! >= 0x80;
    const length = this.#readInteger(7);
    if (length > this.#end - this.#at) this.#isBroken = true;
    if (this.#isBroken) return;
    const start = this.#at;
    this.#at = start + length;
    this.#valueLength = length;
    if (!isHuffman || this.#tables.capacity(this.#connection) === 0) return;
    this.#valueLength = decodeHuffman(this.#bytes, start, this.#at, this.#scratch);
    if (this.#valueLength < 0) this.#isBroken = true;
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
