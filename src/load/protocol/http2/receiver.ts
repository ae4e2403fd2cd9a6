import type { RequestErrorKind } from '../../errors.js';
import type { CodecListener } from '../codec.js';
import type { FrameListener } from './frame-reader.js';
import type { FrameWriter } from './frame-writer.js';
import {
  ErrorCode,
  FrameFlag,
  FrameType,
  mostStreamId,
  mostWindow,
  read31,
  readWord,
  Setting,
} from './frames.js';
import { HeaderBlocks } from './header-blocks.js';
import { Fields, ResponseFields } from './hpack/response-fields.js';
import { Phase, type Peers } from './peers.js';
import type { Http2Request } from './request.js';
import type { Sender } from './sender.js';
import { noStream, waitingStream, type Streams } from './streams.js';

/** Half of what the server may send before it is told to go on. */
const acknowledgedAt = 2 ** 30;
/** So few streams before there are no more numbers, the connection is replaced. */
const spareIds = 2 ** 17;
/** Pings, settings and empty frames in a row. No server that means well needs so many. */
const mostIdleFrames = 10_000;

/** What the frames mean that come (RFC 9113 §§5 to 8). */
export class Receiver implements FrameListener {
  readonly #expected: readonly Http2Request[];
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  readonly #listener: CodecListener;
  readonly #fields = new ResponseFields();
  readonly #blocks = new HeaderBlocks();

  /** @param expected what the answer to each request is read by, which is the same for all origins */
  constructor(
    expected: readonly Http2Request[],
    peers: Peers,
    streams: Streams,
    writer: FrameWriter,
    sender: Sender,
    listener: CodecListener,
  ) {
    this.#expected = expected;
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#listener = listener;
  }

  forget(connection: number): void {
    this.#blocks.forget(connection);
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
        this.#settings(connection, flags, stream, bytes, start, end);
        return;
      case FrameType.ping:
        this.#ping(connection, flags, stream, bytes, start, end);
        return;
      case FrameType.goaway:
        this.#goaway(connection, stream, bytes, start, end);
        return;
      case FrameType.windowUpdate:
        this.#windowUpdate(connection, stream, bytes, start, end);
        return;
      // c1m has said that it wants none.
      case FrameType.pushPromise:
      case FrameType.continuation:
        this.badFrame(connection, ErrorCode.protocolError);
        return;
      // PRIORITY, and what may yet be invented (§§5.3 and 5.5).
      default:
        this.#idle(connection);
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
      this.badFrame(connection, ErrorCode.protocolError);
      return;
    }
    if (counted > 0 && !this.#count(connection, counted)) return;
    const exchange = streams.find(connection, stream);
    if (exchange < 0) {
      this.#unknownStream(connection, stream);
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
      const { bodyMatcher } = this.#expected[streams.request[exchange]!]!;
      if (bodyMatcher !== null) {
        const matched = streams.matched[exchange]!;
        streams.matched[exchange] = bodyMatcher.advance(matched, bytes, start, end);
      }
    } else if (!ends && counted === 0 && !this.#idle(connection)) return;
    if (streams.remaining[exchange]! < 0) this.#malformed(connection, exchange);
    else if (ends) this.#complete(connection, exchange);
    else if (counted > 0) this.#countOfStream(connection, exchange, counted);
  }

  badFrame(connection: number, code: number): void {
    if (this.#peers.phase[connection] === Phase.greeting) {
      this.#listener.unusable(connection, 'no-http2');
      return;
    }
    this.#writer.goaway(connection, code);
    this.endAll(connection, 'protocol');
  }

  /**
   * The connection has ended, and all that is under way on it.
   * @param kind null: in order, as far as the server's side of TCP goes
   */
  endAll(connection: number, kind: RequestErrorKind | null): void {
    const peers = this.#peers;
    let left = peers.live[connection]! + peers.waiting[connection]!;
    peers.phase[connection] = Phase.retired;
    if (left === 0) {
      this.#listener.lost(connection);
      return;
    }
    const said = peers.saidGoodbye[connection] === 1;
    const { numbers, id, status } = this.#streams;
    // With the last, the connection is closed, and may be opened again.
    for (let exchange = numbers.first(connection); left > 0; exchange++) {
      if (id[exchange] === noStream) continue;
      left--;
      const waited = id[exchange] === waitingStream;
      const begun = status[exchange] !== 0;
      this.#sender.free(connection, exchange);
      if (waited) this.#listener.returned(exchange);
      else {
        const end = said ? 'goaway' : begun ? 'truncated' : 'closed-before-response';
        this.#listener.failed(exchange, kind ?? end, false);
      }
    }
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
      this.badFrame(connection, ErrorCode.protocolError);
      return;
    }
    const ends = (flags & FrameFlag.endStream) !== 0;
    if ((flags & FrameFlag.endHeaders) !== 0) {
      this.#block(connection, stream, ends, bytes, at, last);
      return;
    }
    if (this.#isIdle(connection, stream)) {
      this.badFrame(connection, ErrorCode.protocolError);
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
      this.badFrame(connection, ErrorCode.protocolError);
      return;
    }
    if (!blocks.add(connection, bytes, start, end)) {
      this.badFrame(connection, ErrorCode.enhanceYourCalm);
      return;
    }
    if ((flags & FrameFlag.endHeaders) === 0) return;
    const block = blocks.take(connection);
    if (blocks.isTooLong(block)) this.#failStream(connection, stream, 'head-too-large');
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
    if (exchange < 0) {
      this.#unknownStream(connection, stream);
      return;
    }
    const fields = this.#fields;
    const isTrailer = streams.status[exchange] !== 0;
    const result = fields.read(bytes, start, end, isTrailer);
    if (result === Fields.undecodable) {
      this.badFrame(connection, ErrorCode.compressionError);
    } else if (result === Fields.malformed || (isTrailer && !ends)) {
      this.#malformed(connection, exchange);
    } else if (isTrailer) this.#complete(connection, exchange);
    else if (fields.status < 200) {
      // Interim; HTTP/2 does not switch to another protocol (RFC 9113 §8.6).
      if (ends || fields.status === 101) this.#malformed(connection, exchange);
      else this.#idle(connection);
    } else this.#answerBegins(connection, exchange, ends);
  }

  #answerBegins(connection: number, exchange: number, ends: boolean): void {
    const streams = this.#streams;
    const { status, contentLength } = this.#fields;
    streams.status[exchange] = status;
    const { expectsNoBody } = this.#expected[streams.request[exchange]!]!;
    if (expectsNoBody || status === 204 || status === 304) streams.remaining[exchange] = 0;
    else if (contentLength >= 0) streams.remaining[exchange] = contentLength;
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
    const { bodyMatcher } = this.#expected[streams.request[exchange]!]!;
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
    this.#listener.answered(exchange, streams.status[exchange]!, matched, reusable);
  }

  #malformed(connection: number, exchange: number): void {
    this.#failStream(connection, this.#streams.id[exchange]!, 'malformed');
  }

  /** c1m gives the stream up: it alone is at fault (RFC 9113 §5.4.2). */
  #failStream(connection: number, stream: number, kind: RequestErrorKind): void {
    const exchange = this.#streams.find(connection, stream);
    if (exchange < 0) return;
    if (!this.#writer.resetStream(connection, stream, ErrorCode.protocolError)) {
      this.#peers.phase[connection] = Phase.retired;
    }
    this.#fail(connection, exchange, kind);
  }

  #fail(connection: number, exchange: number, kind: RequestErrorKind): void {
    this.#sender.free(connection, exchange);
    this.#sender.goOn(connection);
    this.#listener.failed(exchange, kind, this.#peers.phase[connection] === Phase.ready);
  }

  #reset(connection: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    if (end - start !== 4) {
      this.badFrame(connection, ErrorCode.frameSizeError);
      return;
    }
    const exchange = this.#streams.find(connection, stream);
    if (exchange < 0) {
      this.#unknownStream(connection, stream);
      return;
    }
    const refused = readWord(bytes, start) === ErrorCode.refusedStream;
    this.#fail(connection, exchange, refused ? 'refused-stream' : 'stream-reset');
  }

  #settings(
    connection: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const peers = this.#peers;
    const isAck = (flags & FrameFlag.ack) !== 0;
    if (stream !== 0 || (end - start) % 6 !== 0 || (isAck && end > start)) {
      this.badFrame(connection, stream === 0 ? ErrorCode.frameSizeError : ErrorCode.protocolError);
      return;
    }
    if (!this.#idle(connection) || isAck) return;
    const before = this.#mostAtOnce(connection);
    for (let at = start; at < end; at += 6) {
      const name = (bytes[at]! << 8) | bytes[at + 1]!;
      const code = this.#set(connection, name, readWord(bytes, at + 2));
      if (code === ErrorCode.noError) continue;
      this.badFrame(connection, code);
      return;
    }
    if (!this.#writer.settingsAck(connection)) {
      this.badFrame(connection, ErrorCode.enhanceYourCalm);
      return;
    }
    const most = this.#mostAtOnce(connection);
    if (peers.phase[connection] === Phase.greeting) {
      peers.phase[connection] = Phase.ready;
      this.#listener.ready(connection, most);
      return;
    }
    this.#sender.goOn(connection);
    if (most !== before && peers.phase[connection] === Phase.ready) {
      this.#listener.limited(connection, most);
    }
  }

  #mostAtOnce(connection: number): number {
    return Math.min(this.#peers.mostStreams[connection]!, this.#streams.numbers.perConnection);
  }

  /** Returns the error that a setting is (RFC 9113 §6.5.2). */
  #set(connection: number, name: number, value: number): number {
    const peers = this.#peers;
    switch (name) {
      case Setting.maxConcurrentStreams:
        peers.mostStreams[connection] = value;
        return ErrorCode.noError;
      case Setting.initialWindowSize:
        return this.#resize(connection, value);
      // A server may not ask to push to itself, nor take frames shorter than all do.
      case Setting.enablePush:
        return value === 0 ? ErrorCode.noError : ErrorCode.protocolError;
      case Setting.maxFrameSize:
        return value < 16_384 || value > 0xff_ffff ? ErrorCode.protocolError : ErrorCode.noError;
      default:
        return ErrorCode.noError;
    }
  }

  /** The windows of all streams grow or shrink with it, even below nothing (RFC 9113 §6.9.2). */
  #resize(connection: number, size: number): number {
    if (size > mostWindow) return ErrorCode.flowControlError;
    const peers = this.#peers;
    const { numbers, bodyLeft, window } = this.#streams;
    const change = size - peers.streamWindow[connection]!;
    peers.streamWindow[connection] = size;
    const first = numbers.first(connection);
    for (let exchange = first; exchange < first + numbers.perConnection; exchange++) {
      if (bodyLeft[exchange] === 0) continue;
      const resized = window[exchange]! + change;
      if (resized > mostWindow) return ErrorCode.flowControlError;
      window[exchange] = resized;
    }
    return ErrorCode.noError;
  }

  #ping(
    connection: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (stream !== 0 || end - start !== 8) {
      this.badFrame(connection, stream === 0 ? ErrorCode.frameSizeError : ErrorCode.protocolError);
      return;
    }
    if (!this.#idle(connection) || (flags & FrameFlag.ack) !== 0) return;
    if (!this.#writer.pingAck(connection, bytes, start)) {
      this.badFrame(connection, ErrorCode.enhanceYourCalm);
    }
  }

  /** The server takes no more streams, and has done nothing for those above its last (RFC 9113 §6.8). */
  #goaway(connection: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    if (stream !== 0 || end - start < 8) {
      this.badFrame(connection, stream === 0 ? ErrorCode.frameSizeError : ErrorCode.protocolError);
      return;
    }
    const peers = this.#peers;
    const lastStream = read31(bytes, start);
    const isOrderly = readWord(bytes, start + 4) === ErrorCode.noError;
    peers.phase[connection] = Phase.retired;
    peers.saidGoodbye[connection] = 1;
    if (!peers.isBusy(connection)) {
      this.#listener.lost(connection);
      return;
    }
    const { numbers, id } = this.#streams;
    const first = numbers.first(connection);
    let left = peers.live[connection]! + peers.waiting[connection]!;
    let told = false;
    for (let exchange = first; left > 0; exchange++) {
      if (id[exchange] === noStream) continue;
      left--;
      const isUntouched = id[exchange] === waitingStream || id[exchange]! > lastStream;
      if (isOrderly && !isUntouched) continue;
      told = true;
      this.#sender.free(connection, exchange);
      if (isUntouched) this.#listener.returned(exchange);
      else this.#listener.failed(exchange, 'goaway', false);
    }
    if (!told) this.#listener.retired(connection);
  }

  #windowUpdate(
    connection: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (end - start !== 4) {
      this.badFrame(connection, ErrorCode.frameSizeError);
      return;
    }
    const increment = read31(bytes, start);
    if (stream === 0) this.#widen(connection, increment);
    else {
      const exchange = this.#streams.find(connection, stream);
      if (exchange < 0) this.#unknownStream(connection, stream);
      else if (increment === 0 || this.#streams.window[exchange]! > mostWindow - increment) {
        this.#failStream(connection, stream, 'protocol');
      } else {
        this.#streams.window[exchange] = this.#streams.window[exchange]! + increment;
        this.#sender.goOn(connection);
      }
    }
  }

  #widen(connection: number, increment: number): void {
    const peers = this.#peers;
    if (increment === 0) this.badFrame(connection, ErrorCode.protocolError);
    else if (peers.window[connection]! > mostWindow - increment) {
      this.badFrame(connection, ErrorCode.flowControlError);
    } else {
      peers.window[connection] = peers.window[connection]! + increment;
      if (peers.uploading[connection]! > 0) this.#sender.goOn(connection);
    }
  }

  /** Flow control of what comes: seldom is the server told to go on. Returns whether it keeps to it. */
  #count(connection: number, octets: number): boolean {
    const { unacknowledged } = this.#peers;
    const count = unacknowledged[connection]! + octets;
    unacknowledged[connection] = count;
    if (count < acknowledgedAt) return true;
    if (this.#writer.windowUpdate(connection, 0, count)) unacknowledged[connection] = 0;
    else if (count > mostWindow) {
      this.badFrame(connection, ErrorCode.flowControlError);
      return false;
    }
    return true;
  }

  #countOfStream(connection: number, exchange: number, octets: number): void {
    const { unacknowledged, id } = this.#streams;
    const count = unacknowledged[exchange]! + octets;
    unacknowledged[exchange] = count;
    if (count < acknowledgedAt) return;
    if (this.#writer.windowUpdate(connection, id[exchange]!, count)) unacknowledged[exchange] = 0;
  }

  /** Of a stream that has ended: frames may still come; of one that never was: they may not. */
  #unknownStream(connection: number, stream: number): void {
    if (this.#isIdle(connection, stream)) this.badFrame(connection, ErrorCode.protocolError);
    else this.#idle(connection);
  }

  #isIdle(connection: number, stream: number): boolean {
    return (stream & 1) === 0 || stream >= this.#peers.next[connection]!;
  }

  /** A frame brought nothing on. Returns false where there were too many. */
  #idle(connection: number): boolean {
    const { idleFrames } = this.#peers;
    idleFrames[connection] = idleFrames[connection]! + 1;
    if (idleFrames[connection]! <= mostIdleFrames) return true;
    this.badFrame(connection, ErrorCode.enhanceYourCalm);
    return false;
  }
}
