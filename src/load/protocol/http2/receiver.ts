import type { CodecListener } from '../codec.js';
import type { EventStreams } from '../events/event-streams.js';
import { Calls } from '../grpc/calls.js';
import { statusText } from '../grpc/status-text.js';
import type { RequestErrorKind } from '../../errors.js';
import type { ConnectionFrames } from './connection-frames.js';
import type { Endings } from './endings.js';
import type { FrameListener } from './frame-reader.js';
import type { FrameWriter } from './frame-writer.js';
import { ErrorCode, FrameFlag, FrameType, mostStreamId, readWord } from './frames.js';
import { HeaderBlocks } from './header-blocks.js';
import { Fields, ResponseFields } from './hpack/response-fields.js';
import { Phase, type Peers } from './peers.js';
import type { Http2Request } from './request.js';
import type { Sender } from './sender.js';
import type { Streams } from './streams.js';

/** So few streams before there are no more numbers, the connection is replaced. */
const spareIds = 2 ** 17;

/** What the frames mean that come: requests are answered, or not (RFC 9113 §§5, 6 and 8). */
export class Receiver implements FrameListener {
  readonly #expected: readonly Http2Request[];
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  readonly #endings: Endings;
  readonly #connections: ConnectionFrames;
  /** null: none is asked for. */
  readonly #events: EventStreams | null;
  readonly #listener: CodecListener;
  readonly #fields: ResponseFields;
  readonly #blocks = new HeaderBlocks();
  /** Null: none of the requests is a call of gRPC. */
  readonly #calls: Calls | null;

  /** @param expected what the answer to each request is read by, which is the same for all origins */
  constructor(
    expected: readonly Http2Request[],
    peers: Peers,
    streams: Streams,
    writer: FrameWriter,
    sender: Sender,
    endings: Endings,
    connections: ConnectionFrames,
    events: EventStreams | null,
    listener: CodecListener,
  ) {
    this.#expected = expected;
    this.#events = events;
    this.#fields = new ResponseFields(streams.numbers.connections, events !== null);
    const hasCalls = expected.some(({ answersOnce }) => answersOnce !== null);
    this.#calls = hasCalls ? new Calls(streams.numbers.count) : null;
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#endings = endings;
    this.#connections = connections;
    this.#listener = listener;
  }

  forget(connection: number): void {
    this.#blocks.forget(connection);
    this.#fields.forget(connection);
  }

  badFrame(connection: number, code: number): void {
    this.#endings.connectionError(connection, code);
  }

  frame(
    connection: number,
    type: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (this.#peers.phase[connection] === Phase.greeting) {
      // The server's preface (RFC 9113 §3.4): without it, this is not HTTP/2.
      if (type !== FrameType.settings || flags !== 0 || stream !== 0) {
        this.#listener.unusable(connection, 'no-http2');
        return;
      }
    }
    if (!this.#blocks.isWhole(connection)) {
      this.#continued(connection, type, flags, stream, bytes, start, end);
      return;
    }
    switch (type) {
      case FrameType.headers:
        this.#headers(connection, flags, stream, bytes, start, end);
        return;
      case FrameType.rstStream:
        this.#reset(connection, stream, bytes, start, end);
        return;
      case FrameType.settings:
        this.#connections.settings(connection, flags, stream, bytes, start, end);
        return;
      case FrameType.ping:
        this.#connections.ping(connection, flags, stream, bytes, start, end);
        return;
      case FrameType.goaway:
        this.#endings.goaway(connection, stream, bytes, start, end);
        return;
      case FrameType.windowUpdate:
        this.#connections.windowUpdate(connection, stream, bytes, start, end);
        return;
      // c1m has said that it wants none.
      case FrameType.pushPromise:
      case FrameType.continuation:
        this.#endings.connectionError(connection, ErrorCode.protocolError);
        return;
      // PRIORITY, and what may yet be invented (§§5.3 and 5.5).
      default:
        this.#endings.idle(connection);
    }
  }

  data(
    connection: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    counted: number,
    ends: boolean,
  ): void {
    const peers = this.#peers;
    const streams = this.#streams;
    if (peers.phase[connection] === Phase.greeting) {
      this.#listener.unusable(connection, 'no-http2');
      return;
    }
    if (!this.#blocks.isWhole(connection)) {
      this.#endings.connectionError(connection, ErrorCode.protocolError);
      return;
    }
    if (counted > 0 && !this.#connections.count(connection, counted)) return;
    const exchange = streams.find(connection, stream);
    if (exchange < 0) {
      this.#endings.unknownStream(connection, stream);
      return;
    }
    if (streams.status[exchange] === 0) {
      this.#malformed(connection, exchange);
      return;
    }
    const length = end - start;
    if (length > 0) {
      peers.idleFrames[connection] = 0;
      streams.remaining[exchange] = streams.remaining[exchange]! - length;
      const { bodyMatcher, answersOnce } = this.#expected[streams.request[exchange]!]!;
      if (bodyMatcher !== null) {
        const matched = streams.matched[exchange]!;
        streams.matched[exchange] = bodyMatcher.advance(matched, bytes, start, end);
      }
      if (this.#events !== null) this.#events.content(exchange, bytes, start, end);
      const isCall = answersOnce !== null && streams.status[exchange] === 200;
      if (isCall) {
        if (!this.#calls!.read(exchange, bytes, start, end)) {
          this.#endings.failStream(connection, stream, 'grpc-compressed');
          return;
        }
        if (!answersOnce) this.#listener.streamed(exchange, this.#calls!.take(exchange));
      }
    } else if (!ends && counted === 0 && !this.#endings.idle(connection)) return;
    if (streams.remaining[exchange]! < 0) this.#malformed(connection, exchange);
    else if (ends) this.#complete(connection, exchange);
    else if (counted > 0) this.#connections.countOfStream(connection, exchange, counted);
  }

  #reset(connection: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start !== 4) {
      this.#endings.connectionError(connection, ErrorCode.frameSizeError);
      return;
    }
    const exchange = this.#streams.find(connection, stream);
    if (exchange < 0) {
      this.#endings.unknownStream(connection, stream);
      return;
    }
    const refused = readWord(bytes, start) === ErrorCode.refusedStream;
    this.#endings.fail(connection, exchange, refused ? 'refused-stream' : 'stream-reset');
  }

  #malformed(connection: number, exchange: number): void {
    this.#endings.failStream(connection, this.#streams.id[exchange]!, 'malformed');
  }

  #headers(
    connection: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    let at = start;
    let last = end;
    if ((flags & FrameFlag.padded) !== 0) last -= at < end ? bytes[at++]! : 1;
    if ((flags & FrameFlag.priority) !== 0) at += 5;
    if (at > last) {
      this.#endings.connectionError(connection, ErrorCode.protocolError);
      return;
    }
    const ends = (flags & FrameFlag.endStream) !== 0;
    if ((flags & FrameFlag.endHeaders) !== 0) {
      this.#block(connection, stream, ends, bytes, at, last);
      return;
    }
    if (this.#endings.isIdle(connection, stream)) {
      this.#endings.connectionError(connection, ErrorCode.protocolError);
      return;
    }
    this.#blocks.begin(connection, stream, ends);
    this.#blocks.add(connection, bytes, at, last);
  }

  /** A frame while a header block is not whole: none but its next may come (RFC 9113 §6.10). */
  #continued(
    connection: number,
    type: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const blocks = this.#blocks;
    if (type !== FrameType.continuation || stream !== blocks.streamOf(connection)) {
      this.#endings.connectionError(connection, ErrorCode.protocolError);
      return;
    }
    if (!blocks.add(connection, bytes, start, end)) {
      this.#endings.connectionError(connection, ErrorCode.enhanceYourCalm);
      return;
    }
    if ((flags & FrameFlag.endHeaders) === 0) return;
    const block = blocks.take(connection);
    if (blocks.isTooLong(block)) this.#endings.failStream(connection, stream, 'head-too-large');
    else this.#block(connection, stream, block.ends, block.bytes, 0, block.length);
    blocks.giveBack(block);
  }

  /** A whole header block. */
  #block(
    connection: number,
    stream: number,
    ends: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const streams = this.#streams;
    const exchange = streams.find(connection, stream);
    const fields = this.#fields;
    const isTrailer = exchange >= 0 && streams.status[exchange] !== 0;
    // Also of a stream that has ended: what follows may refer to it.
    const result = fields.read(connection, bytes, start, end, isTrailer);
    if (result === Fields.undecodable) {
      this.#endings.connectionError(connection, ErrorCode.compressionError);
    } else if (exchange < 0) this.#endings.unknownStream(connection, stream);
    else if (result === Fields.malformed || (isTrailer && !ends)) {
      this.#malformed(connection, exchange);
    } else if (isTrailer) {
      this.#calls?.setStatus(exchange, fields.grpcStatus);
      this.#complete(connection, exchange);
    } else if (fields.status < 200) {
      // Interim; HTTP/2 does not switch to another protocol (RFC 9113 §8.6).
      if (ends || fields.status === 101) this.#malformed(connection, exchange);
      else this.#endings.idle(connection);
    } else this.#answerBegins(connection, exchange, ends);
  }

  #answerBegins(connection: number, exchange: number, ends: boolean): void {
    const streams = this.#streams;
    const { status, contentLength } = this.#fields;
    streams.status[exchange] = status;
    if (this.#calls !== null) {
      this.#calls.begin(exchange);
      // Where nothing else follows, it stands here ("Trailers-Only").
      if (ends) this.#calls.setStatus(exchange, this.#fields.grpcStatus);
    }
    const { expectsNoBody, answersOnce } = this.#expected[streams.request[exchange]!]!;
    if (answersOnce === false && status === 200 && !ends) this.#listener.streamed(exchange, 0);
    if (expectsNoBody || status === 204 || status === 304) streams.remaining[exchange] = 0;
    else if (contentLength >= 0) streams.remaining[exchange] = contentLength;
    if (this.#events !== null) {
      this.#events.begin(exchange, streams.request[exchange]!, status, this.#fields.contentFormat);
    }
    if (ends) this.#complete(connection, exchange);
  }

  /** The server has ended the stream: the response is whole, unless it announced more. */
  #complete(connection: number, exchange: number): void {
    const streams = this.#streams;
    const remaining = streams.remaining[exchange]!;
    if (remaining > 0 && remaining !== Infinity) {
      this.#malformed(connection, exchange);
      return;
    }
    const peers = this.#peers;
    const { bodyMatcher, answersOnce } = this.#expected[streams.request[exchange]!]!;
    const matched = bodyMatcher?.isFound(streams.matched[exchange]!) ?? true;
    // Answered early: what is left of the request is of no use (RFC 9113 §8.1).
    if (streams.bodyLeft[exchange]! > 0) {
      this.#writer.resetStream(connection, streams.id[exchange]!, ErrorCode.cancel);
    }
    this.#sender.free(connection, exchange);
    peers.idleFrames[connection] = 0;
    if (peers.next[connection]! > mostStreamId - spareIds) peers.phase[connection] = Phase.retired;
    if (peers.waiting[connection]! > 0) this.#sender.goOn(connection);
    const reusable = peers.phase[connection] === Phase.ready;
    if (this.#events !== null) this.#events.end(exchange);
    const status = streams.status[exchange]!;
    const failure =
      answersOnce !== null && status === 200 ? this.#calls!.failure(exchange, answersOnce) : null;
    if (failure === null) this.#listener.answered(exchange, status, matched, reusable);
    else {
      this.#explain(failure);
      this.#listener.failed(exchange, failure, reusable);
    }
  }

  /** What the server said of it, in the block that was read last. */
  #explain(kind: RequestErrorKind): void {
    const { grpcText, grpcTextLength } = this.#fields;
    if (grpcTextLength === 0) return;
    const reason = statusText(grpcText.subarray(0, grpcTextLength));
    this.#listener.failureReasons.note(kind, reason);
  }
}
