import type { CodecListener } from '../codec.js';
import type { Answers } from './answers.js';
import type { ConnectionFrames } from './connection-frames.js';
import type { Endings } from './endings.js';
import type { FrameListener } from './frame-reader.js';
import { ErrorCode, FrameFlag, FrameType, readWord } from './frames.js';
import { HeaderBlocks } from './header-blocks.js';
import { Fields, type ResponseFields } from './hpack/response-fields.js';
import { Phase, type Peers } from './peers.js';
import type { Streams } from './streams.js';

/** What the frames mean that come: requests are answered, or not (RFC 9113 §§5, 6 and 8). */
export class Receiver implements FrameListener {
  readonly #fields: ResponseFields;
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #endings: Endings;
  readonly #connections: ConnectionFrames;
  readonly #answers: Answers;
  readonly #listener: CodecListener;
  readonly #blocks = new HeaderBlocks();

  constructor(
    fields: ResponseFields,
    peers: Peers,
    streams: Streams,
    endings: Endings,
    connections: ConnectionFrames,
    answers: Answers,
    listener: CodecListener,
  ) {
    this.#fields = fields;
    this.#peers = peers;
    this.#streams = streams;
    this.#endings = endings;
    this.#connections = connections;
    this.#answers = answers;
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
      this.#answers.malformed(connection, exchange);
      return;
    }
    if (end > start) {
      peers.idleFrames[connection] = 0;
      if (!this.#answers.content(connection, exchange, bytes, start, end)) return;
    } else if (!ends && counted === 0 && !this.#endings.idle(connection)) return;
    if (ends) this.#answers.complete(connection, exchange);
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
      this.#answers.malformed(connection, exchange);
    } else if (isTrailer) {
      this.#answers.trailers(connection, exchange);
    } else if (fields.status < 200) {
      // Interim; HTTP/2 does not switch to another protocol (RFC 9113 §8.6).
      if (ends || fields.status === 101) this.#answers.malformed(connection, exchange);
      else this.#endings.idle(connection);
    } else this.#answers.begin(connection, exchange, ends);
  }
}
