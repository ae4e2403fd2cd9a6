import { copyOctets } from '../octets.js';
import type { Outbox } from '../outbox.js';
import {
  ErrorCode,
  frameBytes,
  FrameFlag,
  frameHeadBytes,
  FrameType,
  writeFrameHead,
  writeWord,
} from './frames.js';
import { reservedBytes, type FrameWriter } from './frame-writer.js';
import type { Peers } from './peers.js';
import type { Http2Request } from './request.js';
import { Held, noStream, waitingStream, type Streams } from './streams.js';

/** A shorter frame is not worth its head, unless it is the last, or the server takes no more. */
export const leastPiece = 1024;

/**
 * Puts requests into the outbox: their heads at once, as far as the server takes another stream, and
 * their content as far as its windows reach (RFC 9113 §5.2). What finds no room waits.
 */
export class Sender {
  readonly #outbox: Outbox;
  readonly #writer: FrameWriter;
  readonly #requests: readonly (readonly Http2Request[])[];
  /** By origin and request: the whole HEADERS frame, where it is always the same but for its stream. */
  readonly #frames: readonly (readonly (Uint8Array | null)[])[];
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #scratch: Uint8Array;
  /** Requests are messages, on calls that are held open. */
  readonly #holds: boolean;

  constructor(
    outbox: Outbox,
    writer: FrameWriter,
    requests: readonly (readonly Http2Request[])[],
    peers: Peers,
    streams: Streams,
  ) {
    this.#outbox = outbox;
    this.#writer = writer;
    this.#requests = requests;
    this.#frames = requests.map((row) => row.map(constantFrame));
    this.#peers = peers;
    this.#streams = streams;
    const longest = Math.max(...requests.flat().map((request) => request.head.maxBytes));
    this.#scratch = new Uint8Array(longest);
    this.#holds = requests[0]!.some(({ isHeld }) => isHeld);
  }

  send(exchange: number, request: number, sequence: number): void {
    const streams = this.#streams;
    const connection = streams.numbers.connectionOf(exchange);
    streams.request[exchange] = request;
    streams.sequence[exchange] = sequence;
    const peers = this.#peers;
    if (streams.isIdle(exchange) && this.#goOnWith(connection, exchange)) return;
    if (peers.waiting[connection] === 0 && this.#begin(connection, exchange)) return;
    streams.id[exchange] = waitingStream;
    peers.waiting[connection] = peers.waiting[connection]! + 1;
  }

  /** There is room, or the server takes more: what waits goes on. */
  goOn(connection: number): void {
    const peers = this.#peers;
    const streams = this.#streams;
    if (peers.uploading[connection]! + peers.waiting[connection]! === 0) return;
    const first = streams.numbers.first(connection);
    const end = first + streams.numbers.perConnection;
    for (let exchange = first; exchange < end; exchange++) {
      if (streams.bodyLeft[exchange]! > 0) this.#upload(connection, exchange);
    }
    if (peers.saidGoodbye[connection] === 1) return;
    for (let exchange = first; exchange < end && peers.waiting[connection]! > 0; exchange++) {
      if (streams.id[exchange] !== waitingStream) continue;
      if (!this.#begin(connection, exchange)) return;
      peers.waiting[connection] = peers.waiting[connection]! - 1;
    }
  }

  /** The exchange is free again, whatever became of its request. */
  free(connection: number, exchange: number): void {
    const peers = this.#peers;
    const streams = this.#streams;
    if (streams.id[exchange] === waitingStream) {
      peers.waiting[connection] = peers.waiting[connection]! - 1;
    } else peers.live[connection] = peers.live[connection]! - 1;
    if (streams.isIdle(exchange)) peers.idle[connection] = peers.idle[connection]! - 1;
    streams.held[exchange] = Held.none;
    streams.id[exchange] = noStream;
    if (streams.bodyLeft[exchange]! > 0) {
      streams.bodyLeft[exchange] = 0;
      peers.uploading[connection] = peers.uploading[connection]! - 1;
    }
  }

  /** The message of a call was answered: the call stays open for the next. */
  hold(connection: number, exchange: number): void {
    this.#streams.held[exchange] = Held.idle;
    this.#peers.idle[connection] = this.#peers.idle[connection]! + 1;
  }

  /**
   * Closes c1m's side of a call that carries no message, where it is not closed yet. The server's
   * status follows.
   */
  halfClose(connection: number, exchange: number): void {
    const { held, id } = this.#streams;
    if (held[exchange] !== Held.idle) return;
    if (this.#writer.endStream(connection, id[exchange]!)) held[exchange] = Held.ending;
  }

  /** Puts the next message on a call that is open. Returns false where it is about to end. */
  #goOnWith(connection: number, exchange: number): boolean {
    const peers = this.#peers;
    const streams = this.#streams;
    if (streams.held[exchange] === Held.ending) {
      this.#writer.resetStream(connection, streams.id[exchange]!, ErrorCode.cancel);
      this.free(connection, exchange);
      return false;
    }
    const request = this.#requests[peers.origin[connection]!]![streams.request[exchange]!]!;
    streams.held[exchange] = Held.busy;
    peers.idle[connection] = peers.idle[connection]! - 1;
    streams.upload(exchange, request.body!.prepare(exchange, streams.sequence[exchange]!));
    peers.uploading[connection] = peers.uploading[connection]! + 1;
    this.#upload(connection, exchange);
    return true;
  }

  /** Returns false where the request has to wait. */
  #begin(connection: number, exchange: number): boolean {
    const peers = this.#peers;
    const streams = this.#streams;
    const outbox = this.#outbox;
    if (peers.live[connection]! >= peers.mostStreams[connection]!) return false;
    const origin = peers.origin[connection]!;
    const index = streams.request[exchange]!;
    const request = this.#requests[origin]![index]!;
    if (outbox.room(connection) < request.maxHeadFrameBytes + reservedBytes) {
      outbox.wantRoom(connection);
      return false;
    }
    const id = peers.next[connection]!;
    peers.next[connection] = id + 2;
    peers.live[connection] = peers.live[connection]! + 1;
    const { body } = request;
    const length = body === null ? 0 : body.prepare(exchange, streams.sequence[exchange]!);
    const frame = this.#frames[origin]![index] ?? null;
    if (frame !== null) {
      const at = outbox.end(connection);
      outbox.bytes.set(frame, at);
      writeWord(outbox.bytes, at + 5, id);
      outbox.add(connection, frame.length);
    } else {
      const { head } = request;
      const blockBytes = head.write(this.#scratch, 0, streams.sequence[exchange]!, length);
      this.#writer.headers(connection, id, this.#scratch, blockBytes, length === 0);
    }
    streams.begin(exchange, connection, id, peers.streamWindow[connection]!, length);
    if (this.#holds) streams.held[exchange] = Held.busy;
    if (length > 0) {
      peers.uploading[connection] = peers.uploading[connection]! + 1;
      this.#upload(connection, exchange);
    }
    return true;
  }

  #upload(connection: number, exchange: number): void {
    const peers = this.#peers;
    const streams = this.#streams;
    const outbox = this.#outbox;
    const request = this.#requests[peers.origin[connection]!]![streams.request[exchange]!]!;
    const octets = request.body!.octets(exchange);
    for (let left = streams.bodyLeft[exchange]!; left > 0;) {
      const wanted = Math.min(
        left,
        frameBytes,
        peers.window[connection]!,
        streams.window[exchange]!,
      );
      if (wanted <= 0) return;
      const room = outbox.room(connection) - reservedBytes - frameHeadBytes;
      if (room < Math.min(wanted, leastPiece)) {
        outbox.wantRoom(connection);
        return;
      }
      const length = Math.min(wanted, room);
      const at = outbox.end(connection);
      const flags = length === left && !this.#holds ? FrameFlag.endStream : 0;
      writeFrameHead(outbox.bytes, at, length, FrameType.data, flags, streams.id[exchange]!);
      const from = streams.bodyBytes[exchange]! - left;
      copyOctets(octets, from, length, outbox.bytes, at + frameHeadBytes);
      outbox.add(connection, frameHeadBytes + length);
      peers.window[connection] = peers.window[connection]! - length;
      streams.window[exchange] = streams.window[exchange]! - length;
      left -= length;
      streams.bodyLeft[exchange] = left;
    }
    peers.uploading[connection] = peers.uploading[connection]! - 1;
  }
}

/** Null: it varies, or is longer than a frame. */
function constantFrame({ head, body }: Http2Request): Uint8Array | null {
  const block = head.constant;
  if (block === null || block.length > frameBytes) return null;
  const frame = new Uint8Array(frameHeadBytes + block.length);
  const ends = body === null || body.maxBytes === 0 ? FrameFlag.endStream : 0;
  writeFrameHead(frame, 0, block.length, FrameType.headers, FrameFlag.endHeaders | ends, 0);
  frame.set(block, frameHeadBytes);
  return frame;
}
