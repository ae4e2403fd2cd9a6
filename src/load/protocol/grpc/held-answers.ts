import { NumberQueue } from '../../number-queue.js';
import type { CodecListener } from '../codec.js';
import { Phase, type Peers } from '../http2/peers.js';
import type { Http2Request } from '../http2/request.js';
import type { Sender } from '../http2/sender.js';
import { Held, type Streams } from '../http2/streams.js';
import { Calls } from './calls.js';

/** A message has no status. */
const noStatus = 0;

/**
 * What comes on calls that are held open: the next message that begins when one was sent whole is its
 * answer. One that begins while nothing is asked is not heard. Answers are told when all is read that
 * came with them, so that no message is put on a call whose end is here already.
 */
export class HeldAnswers {
  readonly calls: Calls;
  readonly #expected: readonly Http2Request[];
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #sender: Sender;
  readonly #listener: CodecListener;
  /** By exchange. 1: the message that is coming is an answer; the answer holds what it must. */
  readonly #isAnswer: Uint8Array;
  readonly #isFound: Uint8Array;
  /** By exchange. 1: it was answered, and that is to be told. */
  readonly #isUntold: Uint8Array;
  readonly #untold: NumberQueue;

  constructor(
    expected: readonly Http2Request[],
    peers: Peers,
    streams: Streams,
    sender: Sender,
    listener: CodecListener,
  ) {
    const { count } = streams.numbers;
    this.calls = new Calls(count);
    this.#expected = expected;
    this.#peers = peers;
    this.#streams = streams;
    this.#sender = sender;
    this.#listener = listener;
    this.#isAnswer = new Uint8Array(count);
    this.#isFound = new Uint8Array(count);
    this.#isUntold = new Uint8Array(count);
    this.#untold = new NumberQueue(count);
  }

  /** Null: calls end with their answers, or there are none. */
  static of(
    expected: readonly Http2Request[],
    peers: Peers,
    streams: Streams,
    sender: Sender,
    listener: CodecListener,
  ): HeldAnswers | null {
    if (!expected.some(({ isHeld }) => isHeld)) return null;
    return new HeldAnswers(expected, peers, streams, sender, listener);
  }

  /** Octets of a call. Returns false for a message that is compressed. */
  read(exchange: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { calls } = this;
    const { held, bodyLeft } = this.#streams;
    for (let at = start; at < end;) {
      if (calls.isBetween(exchange)) {
        const isAsked = held[exchange] === Held.busy && bodyLeft[exchange] === 0;
        this.#isAnswer[exchange] = isAsked ? 1 : 0;
      }
      const next = calls.readOne(exchange, bytes, at, end);
      if (next < 0) return false;
      if (this.#isAnswer[exchange] === 1) this.#look(exchange, bytes, at, next);
      at = next;
    }
    return true;
  }

  /** Tells all that was answered. */
  tell(): void {
    for (let exchange; (exchange = this.#untold.shift()) >= 0;) this.tellOf(exchange);
  }

  /** Tells of one exchange, if it was answered. Its call may have ended since. */
  tellOf(exchange: number): void {
    if (this.#isUntold[exchange] === 0) return;
    this.#isUntold[exchange] = 0;
    const { numbers, held } = this.#streams;
    const connection = numbers.connectionOf(exchange);
    const isReusable = this.#peers.phase[connection] === Phase.ready;
    if (held[exchange] === Held.answered) {
      this.#sender.hold(connection, exchange);
      const place = exchange - numbers.first(connection);
      if (!isReusable || place >= this.#peers.mostStreams[connection]!) {
        this.#sender.halfClose(connection, exchange);
      }
    }
    this.#listener.answered(exchange, noStatus, this.#isFound[exchange] === 1, isReusable);
  }

  /** Octets of an answer, at the most to its end. */
  #look(exchange: number, bytes: Uint8Array, start: number, end: number): void {
    const { matched, request, held } = this.#streams;
    const { bodyMatcher } = this.#expected[request[exchange]!]!;
    if (bodyMatcher !== null) {
      matched[exchange] = bodyMatcher.advance(matched[exchange]!, bytes, start, end);
    }
    if (!this.calls.isBetween(exchange)) return;
    const isFound = bodyMatcher === null || bodyMatcher.isFound(matched[exchange]!);
    this.#isFound[exchange] = isFound ? 1 : 0;
    held[exchange] = Held.answered;
    this.#isUntold[exchange] = 1;
    this.#untold.push(exchange);
  }
}
