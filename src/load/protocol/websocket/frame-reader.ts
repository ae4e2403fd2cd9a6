import {
  CloseCode,
  finalBit,
  lengthBits,
  maskBit,
  mostControlBytes,
  Opcode,
  opcodeBits,
  reservedBits,
} from './frames.js';

/** To be told of what came. Each call may close the connection. */
export interface FrameListener {
  /** A piece of a message, which may be empty. @param ends it is the message's last */
  data(
    connection: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    ends: boolean,
    isText: boolean,
  ): void;
  /** A whole ping, pong or close. */
  control(connection: number, opcode: number, payload: Uint8Array): void;
  /** What may not be. @param code of RFC 6455 §7.4.1 */
  badFrame(connection: number, code: number): void;
}

// What of a frame comes next.
const head = 0;
const payload = 1;
const control = 2;

/** A frame's head without a mask: two octets and a length of up to eight. */
const mostHead = 10;
/** Beyond this, numbers are not whole. */
const mostLength = Number.MAX_SAFE_INTEGER;

/** Cuts what comes on each connection into frames (RFC 6455 §5), wherever the octets are cut. */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #phase: Uint8Array;
  /** By connection: the head so far, and how long it is. */
  readonly #heads: Uint8Array;
  readonly #headLength: Uint8Array;
  /** Octets of payload still to come. */
  readonly #left: Float64Array;
  readonly #opcode: Uint8Array;
  /** 1: the message that has begun is a text. */
  readonly #isText: Uint8Array;
  /** 1: the frame is its message's last. */
  readonly #final: Uint8Array;
  /** 1: a message has begun and goes on in continuations. */
  readonly #isFragmented: Uint8Array;
  readonly #controls = new Map<number, number[]>();
  /** Goes up when a connection is forgotten, which ends its reading. */
  readonly #life: Uint32Array;

  constructor(connections: number, listener: FrameListener) {
    this.#listener = listener;
    this.#phase = new Uint8Array(connections);
    this.#heads = new Uint8Array(connections * mostHead);
    this.#headLength = new Uint8Array(connections);
    this.#left = new Float64Array(connections);
    this.#opcode = new Uint8Array(connections);
    this.#isText = new Uint8Array(connections);
    this.#final = new Uint8Array(connections);
    this.#isFragmented = new Uint8Array(connections);
    this.#life = new Uint32Array(connections);
  }

  forget(connection: number): void {
    this.#life[connection] = this.#life[connection]! + 1;
    this.#phase[connection] = head;
    this.#headLength[connection] = 0;
    this.#isFragmented[connection] = 0;
    this.#controls.delete(connection);
  }

  read(connection: number, bytes: Uint8Array, start: number, end: number): void {
    const life = this.#life[connection]!;
    for (let at = start; at < end;) {
      const phase = this.#phase[connection]!;
      if (phase === head) at = this.#readHead(connection, bytes, at, end);
      else at = this.#readPayload(connection, bytes, at, end);
      if (this.#life[connection] !== life) return;
    }
  }

  #readHead(connection: number, bytes: Uint8Array, start: number, end: number): number {
    const first = connection * mostHead;
    let length = this.#headLength[connection]!;
    let at = start;
    let wanted = length < 2 ? 2 : this.#headBytes(first);
    while (length < wanted && at < end) {
      this.#heads[first + length++] = bytes[at++]!;
      if (length === 2) wanted = this.#headBytes(first);
    }
    this.#headLength[connection] = length;
    if (length === wanted && length >= 2) this.#begin(connection, first);
    return at;
  }

  /** A control frame has no longer length: what says so is refused (RFC 6455 §5.5). */
  #headBytes(first: number): number {
    if ((this.#heads[first]! & opcodeBits) >= Opcode.close) return 2;
    const short = this.#heads[first + 1]! & lengthBits;
    return short === 126 ? 4 : short === 127 ? 10 : 2;
  }

  #begin(connection: number, first: number): void {
    const heads = this.#heads;
    this.#headLength[connection] = 0;
    const flags = heads[first]!;
    const opcode = flags & opcodeBits;
    const isFinal = (flags & finalBit) !== 0;
    const length = this.#length(first);
    const isControl = opcode >= Opcode.close;
    const isFragmented = this.#isFragmented[connection] === 1;
    const known = isControl ? opcode <= Opcode.pong : opcode <= Opcode.binary;
    const inTurn = isControl || (opcode === Opcode.continuation) === isFragmented;
    const short = heads[first + 1]! & lengthBits;
    const fits = !isControl || (isFinal && short <= mostControlBytes);
    const masked = (heads[first + 1]! & maskBit) !== 0;
    if ((flags & reservedBits) !== 0 || masked || !known || !inTurn || !fits) {
      this.#listener.badFrame(connection, CloseCode.protocolError);
      return;
    }
    if (length > mostLength) {
      this.#listener.badFrame(connection, CloseCode.tooLarge);
      return;
    }
    this.#opcode[connection] = opcode;
    this.#final[connection] = isFinal ? 1 : 0;
    this.#left[connection] = length;
    this.#phase[connection] = isControl ? control : payload;
    if (isControl) this.#controls.set(connection, []);
    else this.#isFragmented[connection] = isFinal ? 0 : 1;
    if (opcode === Opcode.text) this.#isText[connection] = 1;
    else if (opcode === Opcode.binary) this.#isText[connection] = 0;
    if (length === 0) this.#endFrame(connection, heads, 0, 0);
  }

  #length(first: number): number {
    const heads = this.#heads;
    const short = heads[first + 1]! & lengthBits;
    if (short < 126) return short;
    const bytes = short === 126 ? 2 : 8;
    let length = 0;
    for (let k = 0; k < bytes; k++) length = length * 256 + heads[first + 2 + k]!;
    return length;
  }

  #readPayload(connection: number, bytes: Uint8Array, start: number, end: number): number {
    const taken = Math.min(end - start, this.#left[connection]!);
    const left = this.#left[connection]! - taken;
    this.#left[connection] = left;
    const at = start + taken;
    if (this.#phase[connection] === control) {
      for (let k = start; k < at; k++) this.#controls.get(connection)!.push(bytes[k]!);
    }
    if (left === 0) this.#endFrame(connection, bytes, start, at);
    else if (this.#phase[connection] === payload) {
      this.#data(connection, bytes, start, at, false);
    }
    return at;
  }

  #data(connection: number, bytes: Uint8Array, start: number, end: number, ends: boolean): void {
    this.#listener.data(connection, bytes, start, end, ends, this.#isText[connection] === 1);
  }

  #endFrame(connection: number, bytes: Uint8Array, start: number, end: number): void {
    const isControl = this.#phase[connection] === control;
    this.#phase[connection] = head;
    if (!isControl) {
      this.#data(connection, bytes, start, end, this.#final[connection] === 1);
      return;
    }
    const octets = Uint8Array.from(this.#controls.get(connection)!);
    this.#controls.delete(connection);
    this.#listener.control(connection, this.#opcode[connection]!, octets);
  }
}
