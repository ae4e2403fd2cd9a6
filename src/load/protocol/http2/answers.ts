import type { CodecListener } from '../codec.js';
import type { EventStreams } from '../events/event-streams.js';
import { Calls } from '../grpc/calls.js';
import type { HeldAnswers } from '../grpc/held-answers.js';
import { statusText } from '../grpc/status-text.js';
import type { RequestErrorKind } from '../../errors.js';
import type { Endings } from './endings.js';
import type { FrameWriter } from './frame-writer.js';
import { ErrorCode, mostStreamId } from './frames.js';
import type { ResponseFields } from './hpack/response-fields.js';
import { Phase, type Peers } from './peers.js';
import type { Http2Request } from './request.js';
import type { Sender } from './sender.js';
import { Held, type Streams } from './streams.js';

/** So few streams before there are no more numbers, the connection is replaced. */
const spareIds = 2 ** 17;

/** What comes on a stream, from the head of its response to its end: an answer, or none. */
export class Answers {
  readonly #expected: readonly Http2Request[];
  /** Of the block that was read last. */
  readonly #fields: ResponseFields;
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  readonly #endings: Endings;
  /** Null: none is asked for. */
  readonly #events: EventStreams | null;
  readonly #listener: CodecListener;
  /** Null: none of the requests is a call of gRPC. */
  readonly #calls: Calls | null;
  /** Null: calls end with their answers. */
  readonly #held: HeldAnswers | null;

  /** @param expected what the answer to each request is read by, which is the same for all origins */
  constructor(
    expected: readonly Http2Request[],
    fields: ResponseFields,
    peers: Peers,
    streams: Streams,
    writer: FrameWriter,
    sender: Sender,
    endings: Endings,
    events: EventStreams | null,
    held: HeldAnswers | null,
    listener: CodecListener,
  ) {
    this.#expected = expected;
    this.#fields = fields;
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#endings = endings;
    this.#events = events;
    this.#listener = listener;
    const hasCalls = expected.some(({ answersOnce }) => answersOnce !== null);
    this.#calls = held?.calls ?? (hasCalls ? new Calls(streams.numbers.count) : null);
    this.#held = held;
  }

  /** Its head is in the fields. @param ends nothing else follows */
  begin(connection: number, exchange: number, ends: boolean): void {
    const streams = this.#streams;
    const { status, contentLength } = this.#fields;
    streams.status[exchange] = status;
    if (this.#calls !== null) {
      this.#calls.begin(exchange);
      // Where nothing else follows, it stands here ("Trailers-Only").
      if (ends) this.#calls.setStatus(exchange, this.#fields.grpcStatus);
    }
    const { expectsNoBody, answersOnce } = this.#expected[streams.request[exchange]!]!;
    if (this.#held !== null) {
      if (status !== 200) {
        this.#endings.failStream(connection, streams.id[exchange]!, 'unexpected-status');
        return;
      }
    } else if (answersOnce === false && status === 200 && !ends) {
      this.#listener.streamed(exchange, 0);
    }
    if (expectsNoBody || status === 204 || status === 304) streams.remaining[exchange] = 0;
    else if (contentLength >= 0) streams.remaining[exchange] = contentLength;
    if (this.#events !== null) {
      this.#events.begin(exchange, streams.request[exchange]!, status, this.#fields.contentFormat);
    }
    if (ends) this.complete(connection, exchange);
  }

  /** Content of a response that has begun. Returns false where the stream has ended with it. */
  content(
    connection: number,
    exchange: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const streams = this.#streams;
    const stream = streams.id[exchange]!;
    streams.remaining[exchange] = streams.remaining[exchange]! - (end - start);
    const isWhole =
      this.#held === null
        ? this.#read(exchange, bytes, start, end)
        : this.#held.read(exchange, bytes, start, end);
    if (!isWhole) this.#endings.failStream(connection, stream, 'grpc-compressed');
    else if (streams.remaining[exchange] < 0) this.malformed(connection, exchange);
    return streams.id[exchange] === stream;
  }

  /** The trailers are in the fields, and the stream has ended with them. */
  trailers(connection: number, exchange: number): void {
    this.#calls?.setStatus(exchange, this.#fields.grpcStatus);
    this.complete(connection, exchange);
  }

  /** The server has ended the stream: the response is whole, unless it announced more. */
  complete(connection: number, exchange: number): void {
    const streams = this.#streams;
    const remaining = streams.remaining[exchange]!;
    if (remaining > 0 && remaining !== Infinity) {
      this.malformed(connection, exchange);
      return;
    }
    const peers = this.#peers;
    const { bodyMatcher, answersOnce } = this.#expected[streams.request[exchange]!]!;
    const matched = bodyMatcher?.isFound(streams.matched[exchange]!) ?? true;
    // Answered early: what is left of the request is of no use (RFC 9113 §8.1).
    if (streams.bodyLeft[exchange]! > 0) {
      this.#writer.resetStream(connection, streams.id[exchange]!, ErrorCode.cancel);
    }
    const held = streams.held[exchange]!;
    this.#sender.free(connection, exchange);
    peers.idleFrames[connection] = 0;
    if (peers.next[connection]! > mostStreamId - spareIds) peers.phase[connection] = Phase.retired;
    if (peers.waiting[connection]! > 0) this.#sender.goOn(connection);
    const reusable = peers.phase[connection] === Phase.ready;
    if (this.#events !== null) this.#events.end(exchange);
    const status = streams.status[exchange]!;
    const failure =
      answersOnce !== null && status === 200 ? this.#calls!.failure(exchange, answersOnce) : null;
    if (failure !== null) this.#explain(failure);
    if (this.#held !== null) this.#callEnded(exchange, held, failure, reusable);
    else if (failure === null) this.#listener.answered(exchange, status, matched, reusable);
    else this.#listener.failed(exchange, failure, reusable);
  }

  malformed(connection: number, exchange: number): void {
    this.#endings.failStream(connection, this.#streams.id[exchange]!, 'malformed');
  }

  /** Returns false for a message that is compressed. */
  #read(exchange: number, bytes: Uint8Array, start: number, end: number): boolean {
    const streams = this.#streams;
    const { bodyMatcher, answersOnce } = this.#expected[streams.request[exchange]!]!;
    if (bodyMatcher !== null) {
      const matched = streams.matched[exchange]!;
      streams.matched[exchange] = bodyMatcher.advance(matched, bytes, start, end);
    }
    if (this.#events !== null) this.#events.content(exchange, bytes, start, end);
    if (answersOnce === null || streams.status[exchange] !== 200) return true;
    if (!this.#calls!.read(exchange, bytes, start, end)) return false;
    if (!answersOnce) this.#listener.streamed(exchange, this.#calls!.take(exchange));
    return true;
  }

  /**
   * The server has ended a call that was held open.
   * @param held how it stood
   * @param failure null: with success, which is no answer to the message under way
   */
  #callEnded(
    exchange: number,
    held: number,
    failure: RequestErrorKind | null,
    reusable: boolean,
  ): void {
    // That of a call that c1m has ended is what it asked for.
    if (held !== Held.ending) this.#listener.callEnded(failure);
    if (held === Held.busy) {
      this.#listener.failed(exchange, failure ?? 'closed-by-server', reusable);
    } else this.#held!.tellOf(exchange);
  }

  /** What the server said of it, in the block that was read last. */
  #explain(kind: RequestErrorKind): void {
    const { grpcText, grpcTextLength } = this.#fields;
    if (grpcTextLength === 0) return;
    const reason = statusText(grpcText.subarray(0, grpcTextLength));
    this.#listener.failureReasons.note(kind, reason);
  }
}
