import type { RequestErrorKind } from '../../errors.js';
import type { Codec, CodecListener, Outgoing } from '../codec.js';
import type { Outbox } from '../outbox.js';
import { FrameReader, type FrameListener } from './frame-reader.js';
import {
  applyMask,
  CloseCode,
  mostControlBytes,
  mostHeadBytes,
  Opcode,
  writeHead,
} from './frames.js';
import type { Handshake } from './handshake.js';
import { MarkReader } from './mark-reader.js';
import type { Message } from './message.js';
import { Utf8Check } from './utf8-check.js';
import type { FanOut } from '../../fan-out.js';

// States of a connection.
const closed = 0;
const greeting = 1;
const idle = 2;
/** A message is under way. */
const busy = 3;
/** It waits for room to go out. */
const waiting = 4;

// Of a message that comes.
const none = 0;
const unheard = 1;
/** It began when one was asked for. */
const heard = 2;

/** A message has no status. */
const noStatus = 0;

/**
 * WebSocket (RFC 6455): an exchange is a message, and the next one that comes back on its connection.
 * One that comes while nothing is asked is not heard. In a fan-out it is a message that goes out, and
 * all that come are looked at.
 */
export class WebSocketCodec implements Codec, Outgoing, FrameListener {
  readonly http = 'websocket';
  readonly alpn = 'http/1.1';
  readonly requests = [];
  readonly outgoing = this;
  readonly outbox: Outbox;
  readonly #listener: CodecListener;
  readonly #handshake: Handshake;
  readonly #messages: readonly Message[];
  readonly #mask: Uint8Array;
  readonly #reader: FrameReader;
  readonly #state: Uint8Array;
  readonly #request: Uint16Array;
  readonly #sequence: Float64Array;
  /** How much of the text that is sought stands in the answer so far. */
  readonly #matched: Int32Array;
  /** What of a message is coming; an answer has not begun before it was asked for. */
  readonly #coming: Uint8Array;
  /** Null: there is no fan-out. */
  readonly #marks: MarkReader | null;
  /** Of what is looked into. */
  readonly #utf8: Utf8Check;

  constructor(
    connections: number,
    outbox: Outbox,
    handshake: Handshake,
    messages: readonly Message[],
    mask: Uint8Array,
    fanOut: FanOut | null,
    listener: CodecListener,
  ) {
    this.outbox = outbox;
    this.#listener = listener;
    this.#handshake = handshake;
    this.#messages = messages;
    this.#mask = mask;
    this.#reader = new FrameReader(connections, this);
    this.#state = new Uint8Array(connections);
    this.#request = new Uint16Array(connections);
    this.#sequence = new Float64Array(connections);
    this.#matched = new Int32Array(connections);
    this.#coming = new Uint8Array(connections);
    this.#marks = fanOut && new MarkReader(connections, fanOut, listener);
    this.#utf8 = new Utf8Check(connections);
  }

  opened(connection: number, origin: number): void {
    this.#state[connection] = greeting;
    const request = this.#handshake.request(origin);
    this.outbox.bytes.set(request, this.outbox.end(connection));
    this.outbox.add(connection, request.length);
  }

  send(exchange: number, request: number, sequence: number): void {
    this.#request[exchange] = request;
    this.#sequence[exchange] = sequence;
    this.#matched[exchange] = 0;
    this.#state[exchange] = waiting;
    // A fan-out's message has ended once it is out, which may be told in a turn of the transport only.
    if (this.#marks === null) this.#write(exchange);
    else this.outbox.wantRoom(exchange);
  }

  sent(): void {
    // `send` keeps the account.
  }

  /** A late answer would be taken for the next message's. */
  cancel(exchange: number): boolean {
    this.#state[exchange] = idle;
    return false;
  }

  conclude(): boolean {
    return true;
  }

  hasRoom(connection: number): void {
    if (this.#state[connection] !== waiting) return;
    if (!this.#write(connection) || this.#marks === null) return;
    this.#state[connection] = idle;
    this.#listener.answered(connection, noStatus, true, true);
  }

  isBusy(connection: number): boolean {
    return this.#state[connection]! >= busy;
  }

  read(connection: number, bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    if (this.#state[connection] === greeting) {
      at = this.#handshake.read(connection, bytes, start, end);
      if (at === -2) this.#listener.unusable(connection, 'no-websocket');
      if (at < 0) return;
      this.#state[connection] = idle;
      this.#listener.ready(connection, 1);
    }
    if (this.#state[connection] !== closed) this.#reader.read(connection, bytes, at, end);
  }

  ended(connection: number): void {
    const state = this.#state[connection]!;
    if (state === greeting) this.#listener.unusable(connection, 'closed-on-accept');
    else this.#end(connection, 'closed-before-response');
  }

  broke(connection: number, kind: RequestErrorKind): void {
    if (this.#state[connection] === greeting) {
      this.#listener.unusable(connection, kind === 'reset' ? 'connect-reset' : 'connect-other');
    } else this.#end(connection, kind);
  }

  closed(connection: number): void {
    this.#state[connection] = closed;
    this.#handshake.forget(connection);
    this.#reader.forget(connection);
    this.#marks?.forget(connection);
    this.#utf8.forget(connection);
    this.#coming[connection] = none;
    this.outbox.clear(connection);
  }

  data(
    connection: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    ends: boolean,
    isText: boolean,
  ): void {
    if (this.#marks !== null) {
      if (isText && !this.#isUtf8(connection, bytes, start, end, ends)) return;
      this.#marks.read(connection, bytes, start, end, ends);
      return;
    }
    const isBusy = this.#state[connection] === busy;
    let coming = this.#coming[connection]!;
    if (coming === none) coming = isBusy ? heard : unheard;
    this.#coming[connection] = ends ? none : coming;
    if (coming === unheard || !isBusy) return;
    const { matcher } = this.#messages[this.#request[connection]!]!;
    if (matcher !== null) {
      if (isText && !this.#isUtf8(connection, bytes, start, end, ends)) return;
      this.#matched[connection] = matcher.advance(this.#matched[connection]!, bytes, start, end);
    }
    if (!ends) return;
    this.#state[connection] = idle;
    const matched = matcher === null || matcher.isFound(this.#matched[connection]!);
    this.#listener.answered(connection, noStatus, matched, true);
  }

  control(connection: number, opcode: number, payload: Uint8Array): void {
    if (opcode === Opcode.ping) this.#putControl(connection, Opcode.pong, payload);
    else if (opcode === Opcode.close) {
      // The server's code is given back (RFC 6455 §5.5.1).
      this.#putControl(connection, Opcode.close, payload.subarray(0, 2));
      this.#end(connection, 'closed-by-server');
    }
  }

  badFrame(connection: number, code: number): void {
    this.#putControl(connection, Opcode.close, Uint8Array.of(code >>> 8, code & 0xff));
    this.#end(connection, 'protocol');
  }

  /** If it is not, the connection ends. */
  #isUtf8(
    connection: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    ends: boolean,
  ): boolean {
    if (this.#utf8.read(connection, bytes, start, end, ends)) return true;
    this.badFrame(connection, CloseCode.notUtf8);
    return false;
  }

  #end(connection: number, kind: RequestErrorKind): void {
    const wasBusy = this.isBusy(connection);
    this.#state[connection] = idle;
    if (wasBusy) this.#listener.failed(connection, kind, false);
    else this.#listener.lost(connection);
  }

  /** Returns whether there was room. */
  #write(connection: number): boolean {
    const message = this.#messages[this.#request[connection]!]!;
    const { outbox } = this;
    if (outbox.room(connection) < message.maxBytes + reservedBytes) {
      outbox.wantRoom(connection);
      return false;
    }
    const at = outbox.end(connection);
    outbox.add(connection, message.write(outbox.bytes, at, this.#sequence[connection]!));
    this.#state[connection] = busy;
    return true;
  }

  /** Where there is no room, a pong waits for the next ping, and a connection ends without a word. */
  #putControl(connection: number, opcode: number, payload: Uint8Array): void {
    const { outbox } = this;
    if (outbox.room(connection) < mostHeadBytes + payload.length) return;
    const at = outbox.end(connection);
    const head = writeHead(outbox.bytes, at, opcode, payload.length, this.#mask);
    outbox.bytes.set(payload, at + head);
    applyMask(outbox.bytes, at + head, at + head + payload.length, this.#mask);
    outbox.add(connection, head + payload.length);
  }
}

/** Kept free of messages, for a pong and a close. */
export const reservedBytes = 2 * (mostHeadBytes + mostControlBytes);
