import type { CodecListener } from '../codec.js';
import { Phase, type Peers } from '../http2/peers.js';
import type { Http2Request } from '../http2/request.js';
import type { Sender } from '../http2/sender.js';
import { Held, type Streams } from '../http2/streams.js';
import type { Calls } from './calls.js';

/**
 * What comes on calls that are held open: the next message that begins when one was sent whole is its
 * answer. One that begins while nothing is asked is not heard.
 */
export class HeldAnswers {
  readonly #calls: Calls;
  readonly #expected: readonly Http2Request[];
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #sender: Sender;
  readonly #listener: CodecListener;
  /** By exchange. 1: the message that is coming is an answer. */
  readonly #isAnswer: Uint8Array;

  constructor(
    calls: Calls,
    expected: readonly Http2Request[],
    peers: Peers,
    streams: Streams,
    sender: Sender,
    listener: CodecListener,
  ) {
    this.#calls = calls;
    this.#expected = expected;
    this.#peers = peers;
    this.#streams = streams;
    this.#sender = sender;
    this.#listener = listener;
    this.#isAnswer = new Uint8Array(streams.numbers.count);
  }

  /** Octets of a call, which may end with what they are. Returns false for a message that is compressed. */
  read(
    connection: number,
    exchange: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const calls = this.#calls;
    const { id, held, bodyLeft } = this.#streams;
    const stream = id[exchange];
    for (let at = start; at < end && id[exchange] === stream;) {
      if (calls.isBetween(exchange)) {
        const isAsked = held[exchange] === Held.busy && bodyLeft[exchange] === 0;
        this.#isAnswer[exchange] = isAsked ? 1 : 0;
      }
      const next = calls.readOne(exchange, bytes, at, end);
      if (next < 0) return false;
      if (this.#isAnswer[exchange] === 1) this.#answer(connection, exchange, bytes, at, next);
      at = next;
    }
    return true;
  }

  #answer(
    connection: number,
    exchange: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { matched, request, numbers } = this.#streams;
    const { bodyMatcher } = this.#expected[request[exchange]!]!;
    if (bodyMatcher !== null) {
      matched[exchange] = bodyMatcher.advance(matched[exchange]!, bytes, start, end);
    }
    if (!this.#calls.isBetween(exchange)) return;
    this.#sender.hold(connection, exchange);
    const isReusable = this.#peers.phase[connection] === Phase.ready;
    const place = exchange - numbers.first(connection);
    if (!isReusable || place >= this.#peers.mostStreams[connection]!) {
      this.#sender.halfClose(connection, exchange);
    }
    const isFound = bodyMatcher?.isFound(matched[exchange]!) ?? true;
    this.#listener.answered(exchange, noStatus, isFound, isReusable);
  }
}

/** A message has no status. */
const noStatus = 0;
