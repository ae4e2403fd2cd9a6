import type { RequestErrorKind } from '../../errors.js';
import type { CodecListener } from '../codec.js';
import type { HeldAnswers } from '../grpc/held-answers.js';
import type { FrameWriter } from './frame-writer.js';
import { ErrorCode, read31, readWord } from './frames.js';
import { Phase, type Peers } from './peers.js';
import type { Sender } from './sender.js';
import { Held, noStream, waitingStream, type Streams } from './streams.js';

/** Pings, settings and empty frames in a row. No server that means well needs so many. */
const mostIdleFrames = 10_000;

/** How streams and connections end before they have done what they were for (RFC 9113 §§5.4 and 6.8). */
export class Endings {
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  /** Null: calls end with their answers. */
  readonly #held: HeldAnswers | null;
  readonly #listener: CodecListener;

  constructor(
    peers: Peers,
    streams: Streams,
    writer: FrameWriter,
    sender: Sender,
    held: HeldAnswers | null,
    listener: CodecListener,
  ) {
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#held = held;
    this.#listener = listener;
  }

  /** The server breaks the protocol: nothing on this connection can be believed any more. */
  connectionError(connection: number, code: number): void {
    if (this.#peers.phase[connection] === Phase.greeting) {
      this.#listener.unusable(connection, 'no-http2');
      return;
    }
    this.#writer.goaway(connection, code);
    this.endAll(connection, 'protocol');
  }

  /** A frame of the connection's that stands on a stream, or else is not as long as it has to be. */
  misplaced(connection: number, stream: number): void {
    const code = stream === 0 ? ErrorCode.frameSizeError : ErrorCode.protocolError;
    this.connectionError(connection, code);
  }

  /**
   * The connection has ended, and all that is under way on it.
   * @param kind null: in order, as far as the server's side of TCP goes
   */
  endAll(connection: number, kind: RequestErrorKind | null): void {
    const peers = this.#peers;
    if (!this.#isOpenWhenTold(connection)) return;
    this.#freeIdle(connection);
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

  /** The server takes no more streams, and has done nothing for those above its last (RFC 9113 §6.8). */
  goaway(connection: number, stream: number, bytes: Uint8Array, start: number, end: number): void {
    if (stream !== 0 || end - start < 8) {
      this.misplaced(connection, stream);
      return;
    }
    const peers = this.#peers;
    if (!this.#isOpenWhenTold(connection)) return;
    const lastStream = read31(bytes, start);
    const isOrderly = readWord(bytes, start + 4) === ErrorCode.noError;
    peers.phase[connection] = Phase.retired;
    peers.saidGoodbye[connection] = 1;
    this.halfCloseFrom(connection, 0);
    this.#freeIdle(connection);
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

  /** c1m gives the stream up: it alone is at fault (RFC 9113 §5.4.2). */
  failStream(connection: number, stream: number, kind: RequestErrorKind): void {
    const exchange = this.#streams.find(connection, stream);
    if (exchange < 0) return;
    if (!this.#writer.resetStream(connection, stream, ErrorCode.protocolError)) {
      this.#peers.phase[connection] = Phase.retired;
    }
    this.fail(connection, exchange, kind);
  }

  /** It ended without its response; its connection goes on. */
  fail(connection: number, exchange: number, kind: RequestErrorKind): void {
    const held = this.#streams.held[exchange]!;
    this.#sender.free(connection, exchange);
    this.#sender.goOn(connection);
    if (held !== Held.none && held !== Held.ending) this.#listener.callEnded(kind);
    // Between two messages, there is none to fail.
    if (held >= Held.answered) this.#held!.tellOf(exchange);
    else this.#listener.failed(exchange, kind, this.#peers.phase[connection] === Phase.ready);
  }

  /** Of the connection's calls that are held open and idle, those from a place on: c1m ends its side. */
  halfCloseFrom(connection: number, place: number): void {
    const { numbers } = this.#streams;
    if (this.#peers.idle[connection] === 0) return;
    const first = numbers.first(connection);
    for (let exchange = first + place; exchange < first + numbers.perConnection; exchange++) {
      this.#sender.halfClose(connection, exchange);
    }
  }

  /** Tells what was answered already; with that, a connection that takes no more may have been closed. */
  #isOpenWhenTold(connection: number): boolean {
    this.#held?.tell();
    return this.#peers.phase[connection] !== Phase.closed;
  }

  /** Calls without a message end with their connection, and nothing is told of them. */
  #freeIdle(connection: number): void {
    const { numbers } = this.#streams;
    const first = numbers.first(connection);
    for (let exchange = first; this.#peers.idle[connection]! > 0; exchange++) {
      if (this.#streams.isIdle(exchange)) this.#sender.free(connection, exchange);
    }
  }

  /** Of a stream that has ended: frames may still come; of one that never was: they may not. */
  unknownStream(connection: number, stream: number): void {
    if (this.isIdle(connection, stream)) this.connectionError(connection, ErrorCode.protocolError);
    else this.idle(connection);
  }

  isIdle(connection: number, stream: number): boolean {
    return (stream & 1) === 0 || stream >= this.#peers.next[connection]!;
  }

  /** A frame brought nothing on. Returns false where there were too many. */
  idle(connection: number): boolean {
    const { idleFrames } = this.#peers;
    idleFrames[connection] = idleFrames[connection]! + 1;
    if (idleFrames[connection] <= mostIdleFrames) return true;
    this.connectionError(connection, ErrorCode.enhanceYourCalm);
    return false;
  }
}
