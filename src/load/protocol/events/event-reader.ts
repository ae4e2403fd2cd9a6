import { ascii, COLON, CR, HTAB, LF, SP } from '../http1/bytes.js';
import type { EventFormat } from './event-format.js';

const bom = Uint8Array.of(0xef, 0xbb, 0xbf);
const data = ascii('data');
/** What services of language models put at the end (OpenAI's API was the first): no event. */
const done = ascii('[DONE]');

// Where in a text/event-stream the next octet stands.
const START = 0;
const LINE_START = 1;
/** In what may be the name `data`. */
const NAME = 2;
/** Behind the colon: one space belongs to no value. */
const VALUE_START = 3;
/** In what may be `[DONE]`. */
const VALUE = 4;
/** Nothing more of the line is of any concern. */
const REST = 5;

/**
 * Counts the events in the content of one response, however it is cut into pieces; keeps none of
 * them. An event of a text/event-stream (WHATWG HTML §9.2.6) is a block of lines with at least one
 * of `data`: comments, and blocks without data, are none. Of NDJSON it is a line that is not blank.
 */
export class EventReader {
  #format: EventFormat = 'none';
  #events = 0;
  #state = START;
  /** Octets matched of the byte order mark, of `data` or of `[DONE]`. */
  #at = 0;
  /** The block, or the line of NDJSON, holds something. */
  #isFilled = false;
  /** A CR ended the line: an LF behind it belongs to it. */
  #afterCr = false;

  /** Before the content of each response. */
  begin(format: EventFormat): void {
    this.#format = format;
    this.#events = 0;
    this.#state = START;
    this.#at = 0;
    this.#isFilled = false;
    this.#afterCr = false;
  }

  /** Reads `bytes[start]` … `bytes[end − 1]`. */
  read(bytes: Uint8Array, start: number, end: number): void {
    if (this.#format === 'sse') this.#readBlocks(bytes, start, end);
    else if (this.#format === 'ndjson') this.#readLines(bytes, start, end);
  }

  /**
   * The content is whole: a last line of NDJSON needs no line feed. A last block of a
   * text/event-stream that no blank line ends is discarded (§9.2.6).
   */
  end(): void {
    if (this.#format === 'ndjson' && this.#isFilled) this.#events++;
    this.#isFilled = false;
  }

  /** How many events were completed since the last call. */
  take(): number {
    const events = this.#events;
    this.#events = 0;
    return events;
  }

  #readLines(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === LF) this.#endBlock();
      else if (byte !== SP && byte !== HTAB && byte !== CR) this.#isFilled = true;
    }
  }

  #readBlocks(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === LF && this.#afterCr) {
        this.#afterCr = false;
        continue;
      }
      this.#afterCr = byte === CR;
      if (byte === CR || byte === LF) this.#endLine();
      else if (this.#state !== REST) this.#readByte(byte);
    }
  }

  #endLine(): void {
    switch (this.#state) {
      case START:
      case LINE_START:
        this.#endBlock();
        break;
      case NAME:
        // A name alone is a field with an empty value.
        if (this.#at === data.length) this.#isFilled = true;
        break;
      case VALUE_START:
        this.#isFilled = true;
        break;
      case VALUE:
        if (this.#at < done.length) this.#isFilled = true;
    }
    this.#state = LINE_START;
    this.#at = 0;
  }

  #endBlock(): void {
    if (this.#isFilled) this.#events++;
    this.#isFilled = false;
  }

  #readByte(byte: number): void {
    switch (this.#state) {
      case START:
        this.#readStart(byte);
        break;
      case LINE_START:
      case NAME:
        this.#readName(byte);
        break;
      case VALUE_START:
        this.#state = VALUE;
        if (byte !== SP) this.#readValue(byte);
        break;
      case VALUE:
        this.#readValue(byte);
    }
  }

  /** A byte order mark may stand before the first line, and is not of it. */
  #readStart(byte: number): void {
    if (byte === bom[this.#at]) {
      this.#at++;
      if (this.#at < bom.length) return;
      this.#state = LINE_START;
      this.#at = 0;
    } else if (this.#at > 0) this.#state = REST;
    else this.#readName(byte);
  }

  #readName(byte: number): void {
    if (this.#at < data.length) {
      this.#state = byte === data[this.#at++] ? NAME : REST;
    } else if (byte === COLON) {
      this.#state = VALUE_START;
      this.#at = 0;
    } else this.#state = REST;
  }

  #readValue(byte: number): void {
    if (this.#at < done.length && byte === done[this.#at]) {
      this.#at++;
      return;
    }
    this.#isFilled = true;
    this.#state = REST;
  }
}
