import type { ExchangeNumbers } from '../../exchange-numbers.js';

/** No stream, since those of a client are odd. */
export const noStream = 0;
/** The request waits for a stream. */
export const waitingStream = -1;

/** How a call that is held open stands, beyond its requests. */
export const Held = {
  /** There is none. */
  none: 0,
  /** A message is under way on it. */
  busy: 1,
  /** The answer is here, and is told once all is read that came with it. */
  answered: 2,
  idle: 3,
  /** c1m has closed its side, and the server's end is awaited. */
  ending: 4,
} as const;

/** By exchange: the stream that carries its request, and how far both sides are on it. */
export class Streams {
  readonly numbers: ExchangeNumbers;
  /** The stream's number, `noStream` or `waitingStream`. */
  readonly id: Int32Array;
  readonly request: Uint16Array;
  readonly sequence: Float64Array;
  /** 0: no head of a response has come, but interim ones. */
  readonly status: Uint16Array;
  readonly matched: Int32Array;
  /** Octets of content that the response still announces; infinite: it did not say. */
  readonly remaining: Float64Array;
  /** Octets of content that came and that the server was not told of yet. */
  readonly unacknowledged: Uint32Array;
  /** Octets of the request's content: all, and those still to be sent. */
  readonly bodyBytes: Int32Array;
  readonly bodyLeft: Int32Array;
  /** How many of them the server takes. */
  readonly window: Int32Array;
  /** One of `Held`. */
  readonly held: Uint8Array;
  /** Where a stream's exchange is likely to be, by connection and the low bits of its number. */
  readonly #places: Uint8Array;
  readonly #placesMask: number;

  constructor(numbers: ExchangeNumbers) {
    const { count } = numbers;
    this.numbers = numbers;
    this.id = new Int32Array(count);
    this.request = new Uint16Array(count);
    this.sequence = new Float64Array(count);
    this.status = new Uint16Array(count);
    this.matched = new Int32Array(count);
    this.remaining = new Float64Array(count);
    this.unacknowledged = new Uint32Array(count);
    this.bodyBytes = new Int32Array(count);
    this.bodyLeft = new Int32Array(count);
    this.window = new Int32Array(count);
    this.held = new Uint8Array(count);
    this.#places = new Uint8Array(count);
    this.#placesMask = count / Math.max(1, numbers.connections) - 1;
  }

  begin(exchange: number, connection: number, id: number, window: number, body: number): void {
    this.id[exchange] = id;
    this.status[exchange] = 0;
    this.remaining[exchange] = Infinity;
    this.unacknowledged[exchange] = 0;
    this.window[exchange] = window;
    this.upload(exchange, body);
    const first = this.numbers.first(connection);
    this.#places[first + ((id >>> 1) & this.#placesMask)] = exchange - first;
  }

  /** So many octets of content are to be sent next. */
  upload(exchange: number, body: number): void {
    this.matched[exchange] = 0;
    this.bodyBytes[exchange] = body;
    this.bodyLeft[exchange] = body;
  }

  /** A call is open, and carries no message. */
  isIdle(exchange: number): boolean {
    return this.held[exchange]! >= Held.idle;
  }

  /** The exchange that a stream carries; −1: none. */
  find(connection: number, id: number): number {
    // That of the connection, which is also what a free exchange has.
    if (id === noStream) return -1;
    const first = this.numbers.first(connection);
    const likely = first + this.#places[first + ((id >>> 1) & this.#placesMask)]!;
    if (this.id[likely] === id) return likely;
    const end = first + this.numbers.perConnection;
    for (let exchange = first; exchange < end; exchange++) {
      if (this.id[exchange] === id) return exchange;
    }
    return -1;
  }
}
