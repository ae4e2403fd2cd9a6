import type { StreamFormat } from '../../plan.js';
import type { CodecListener } from '../codec.js';
import { ContentStream } from './content-stream.js';
import type { EventFormat } from './event-format.js';

/** The streams of events of one worker's exchanges, whichever HTTP brings them. */
export class EventStreams {
  /** By place in the plan. */
  readonly #asked: readonly (StreamFormat | null)[];
  readonly #listener: Pick<CodecListener, 'streamed'>;
  /** By exchange; each is made once. */
  readonly #streams: (ContentStream | undefined)[];
  /** 1: what the exchange carries was asked for as a stream. */
  readonly #isAsked: Uint8Array;

  private constructor(
    asked: readonly (StreamFormat | null)[],
    exchanges: number,
    listener: Pick<CodecListener, 'streamed'>,
  ) {
    this.#asked = asked;
    this.#listener = listener;
    this.#streams = new Array<ContentStream | undefined>(exchanges).fill(undefined);
    this.#isAsked = new Uint8Array(exchanges);
  }

  /** null where no request asks for a stream: then nothing is done for any response. */
  static of(
    requests: readonly { readonly stream: StreamFormat | null }[],
    exchanges: number,
    listener: Pick<CodecListener, 'streamed'>,
  ): EventStreams | null {
    const asked = requests.map(({ stream }) => stream);
    const some = asked.some((stream) => stream !== null);
    return some ? new EventStreams(asked, exchanges, listener) : null;
  }

  /** A response to this request comes; null: it is no stream. */
  expect(exchange: number, request: number): ContentStream | null {
    const asked = this.#asked[request] ?? null;
    this.#isAsked[exchange] = asked === null ? 0 : 1;
    if (asked === null) return null;
    const stream = (this.#streams[exchange] ??= new ContentStream());
    stream.expect(asked);
    return stream;
  }

  /** Its head is whole, for a codec that reads heads by itself. @param told by its Content-Type */
  begin(exchange: number, request: number, status: number, told: EventFormat): void {
    this.expect(exchange, request)?.begin(status, told);
    this.tell(exchange);
  }

  content(exchange: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#isAsked[exchange] === 0) return;
    this.#streams[exchange]!.read(bytes, start, end);
    this.tell(exchange);
  }

  /** Tells of what has come of a stream. */
  tell(exchange: number): void {
    if (this.#isAsked[exchange] === 0) return;
    const stream = this.#streams[exchange]!;
    if (stream.isOpen) this.#listener.streamed(exchange, stream.take());
  }

  /** The response is whole: it may end with an event. */
  end(exchange: number): void {
    if (this.#isAsked[exchange] === 0) return;
    const stream = this.#streams[exchange]!;
    if (!stream.isOpen) return;
    stream.end();
    const events = stream.take();
    if (events > 0) this.#listener.streamed(exchange, events);
  }
}
