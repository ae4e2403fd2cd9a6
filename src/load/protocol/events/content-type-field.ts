import { LOWER_TOKEN, COLON, CR, HTAB, LF, SP, ascii } from '../http1/bytes.js';
import { formatOfType, mostTypeBytes, type EventFormat } from './event-format.js';

const name = ascii('content-type');

// Where in the head the next octet stands.
const LINE_START = 0;
const NAME = 1;
const BEFORE_VALUE = 2;
const VALUE = 3;
const REST = 4;

/** Octets of a Content-Type that are kept: one more than any that is known and its delimiter. */
const mostKept = mostTypeBytes + 2;

/**
 * Finds the Content-Type in a head of HTTP/1.1, in pieces of any size. It is for streams only: the
 * head parser, through which all responses go, does not know it.
 */
export class ContentTypeField {
  format: EventFormat = 'none';
  readonly #value = new Uint8Array(mostKept);
  #length = 0;
  #state = REST;
  #at = 0;

  /** Before each head; its first line is the status. */
  begin(): void {
    this.format = 'none';
    this.#state = REST;
  }

  read(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === CR || byte === LF) this.#endLine();
      else if (this.#state !== REST) this.#readByte(byte);
    }
  }

  #endLine(): void {
    if (this.#state === VALUE) this.format = formatOfType(this.#value, 0, this.#length);
    this.#state = LINE_START;
  }

  #readByte(byte: number): void {
    switch (this.#state) {
      case LINE_START:
        this.#at = 0;
        this.#readName(byte);
        break;
      case NAME:
        this.#readName(byte);
        break;
      case BEFORE_VALUE:
        if (byte === SP || byte === HTAB) break;
        this.#length = 0;
        this.#state = VALUE;
        this.#keep(byte);
        break;
      case VALUE:
        this.#keep(byte);
    }
  }

  #readName(byte: number): void {
    if (this.#at === name.length) this.#state = byte === COLON ? BEFORE_VALUE : REST;
    else this.#state = LOWER_TOKEN[byte] === name[this.#at++] ? NAME : REST;
  }

  #keep(byte: number): void {
    if (this.#length < mostKept) this.#value[this.#length++] = byte;
  }
}
