import type { StreamFormat } from '../../plan.js';
import { ContentTypeField } from './content-type-field.js';
import type { EventFormat } from './event-format.js';
import { EventReader } from './event-reader.js';

/** The content of one response that was asked for as a stream of events. */
export class ContentStream {
  /** It has begun, and is a stream. */
  isOpen = false;
  readonly #reader = new EventReader();
  readonly #contentType = new ContentTypeField();
  #asked: StreamFormat = 'auto';

  /** Before each response. */
  expect(asked: StreamFormat): void {
    this.isOpen = false;
    this.#asked = asked;
    this.#contentType.begin();
  }

  /** A piece of a head of HTTP/1.1. */
  head(bytes: Uint8Array, start: number, end: number): void {
    if (this.#asked === 'auto' && !this.isOpen) this.#contentType.read(bytes, start, end);
  }

  /** An interim response is over; another head follows. */
  interim(): void {
    this.#contentType.begin();
  }

  /**
   * The head is whole. What follows is a stream if the status is a success: an error's text is none
   * (WHATWG HTML §9.2.3 takes 200 alone).
   * @param told what its Content-Type says, where HTTP/1.1's `head` was not told of it
   */
  begin(status: number, told: EventFormat = this.#contentType.format): void {
    const format = this.#asked === 'auto' ? told : this.#asked;
    if (format === 'none' || status < 200 || status > 299) return;
    this.isOpen = true;
    this.#reader.begin(format);
  }

  read(bytes: Uint8Array, start: number, end: number): void {
    if (this.isOpen) this.#reader.read(bytes, start, end);
  }

  /** The response is whole. */
  end(): void {
    this.#reader.end();
  }

  /** How many events were completed since the last call. */
  take(): number {
    return this.#reader.take();
  }
}
