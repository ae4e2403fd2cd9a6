import { ErrorCode, frameBytes, FrameFlag, frameHeadBytes, FrameType, read31 } from './frames.js';

/** To be told of what came. Each call may close the connection. */
export interface FrameListener {
  /** A whole frame of any type but DATA; its payload is `bytes[start]` … `bytes[end − 1]`. */
  frame(
    connection: number,
    type: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void;
  /**
   * A piece of content, which may be empty, without its padding.
   * @param counted octets that flow control counts for it, padding included
   * @param ends it is the stream's last
   */
  data(
    connection: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    counted: number,
    ends: boolean,
  ): void;
  /** A frame that may not be. @param code of RFC 9113 §7 */
  badFrame(connection: number, code: number): void;
}

const mostGathered = frameHeadBytes + frameBytes;

/** A frame that came in part. */
interface Gathering {
  readonly bytes: Buffer;
  length: number;
}

/**
 * Cuts what comes on each connection into frames (RFC 9113 §4.1). DATA is handed on as it comes, in
 * pieces; any other frame as a whole, gathered first where it comes in pieces. What is gathered is
 * bounded by the largest frame that c1m says it takes.
 */
export class FrameReader {
  readonly #listener: FrameListener;
  /** By connection: octets of the DATA frame's content, and then of its padding, still to come. */
  readonly #content: Int32Array;
  readonly #padding: Uint8Array;
  readonly #stream: Int32Array;
  readonly #ends: Uint8Array;
  /** 1: a frame came in part. */
  readonly #isGathering: Uint8Array;
  /** Goes up when a connection is forgotten, which ends its reading. */
  readonly #life: Uint32Array;
  readonly #gatherings = new Map<number, Gathering>();
  readonly #spare: Gathering[] = [];

  constructor(connections: number, listener: FrameListener) {
    this.#listener = listener;
    this.#content = new Int32Array(connections);
    this.#padding = new Uint8Array(connections);
    this.#stream = new Int32Array(connections);
    this.#ends = new Uint8Array(connections);
    this.#isGathering = new Uint8Array(connections);
    this.#life = new Uint32Array(connections);
  }

  /** It is closed. */
  forget(connection: number): void {
    this.#life[connection] = this.#life[connection]! + 1;
    this.#content[connection] = 0;
    this.#padding[connection] = 0;
    if (this.#isGathering[connection] === 1) this.#endGathering(connection);
  }

  read(connection: number, bytes: Uint8Array, start: number, end: number): void {
    const life = this.#life[connection]!;
    let at = start;
    while (at < end) {
      if (this.#isGathering[connection] === 1) at = this.#gather(connection, bytes, at, end);
      else if (this.#content[connection]! + this.#padding[connection]! > 0) {
        at = this.#readData(connection, bytes, at, end, 0);
      } else at = this.#readFrame(connection, bytes, at, end);
      if (this.#life[connection] !== life) return;
    }
  }

  #readFrame(connection: number, bytes: Uint8Array, at: number, end: number): number {
    if (end - at < frameHeadBytes) return this.#keep(connection, bytes, at, end);
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const type = bytes[at + 3]!;
    if (length > frameBytes) {
      this.#listener.badFrame(connection, ErrorCode.frameSizeError);
      return end;
    }
    if (type === FrameType.data) {
      if (end - at < dataHeadBytes(bytes, at)) return this.#keep(connection, bytes, at, end);
      return this.#beginData(connection, bytes, at, bytes, at + frameHeadBytes, end);
    }
    const payload = at + frameHeadBytes;
    if (end - payload < length) return this.#keep(connection, bytes, at, end);
    const stream = read31(bytes, at + 5);
    this.#listener.frame(
      connection,
      type,
      bytes[at + 4]!,
      stream,
      bytes,
      payload,
      payload + length,
    );
    return payload + length;
  }

  /**
   * @param head where the frame's head stands, and the length of the padding
   * @param bytes where its content stands, from `at` on
   */
  #beginData(
    connection: number,
    head: Uint8Array,
    headAt: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): number {
    const length = (head[headAt]! << 16) | (head[headAt + 1]! << 8) | head[headAt + 2]!;
    const flags = head[headAt + 4]!;
    const stream = read31(head, headAt + 5);
    let content = length;
    let from = at;
    if ((flags & FrameFlag.padded) !== 0) {
      if (length === 0) {
        this.#listener.badFrame(connection, ErrorCode.frameSizeError);
        return end;
      }
      const padding = head[headAt + frameHeadBytes]!;
      content = length - 1 - padding;
      if (content < 0) {
        this.#listener.badFrame(connection, ErrorCode.protocolError);
        return end;
      }
      this.#padding[connection] = padding;
      if (head === bytes) from++;
    }
    this.#content[connection] = content;
    this.#stream[connection] = stream;
    this.#ends[connection] = flags & FrameFlag.endStream;
    return this.#readData(connection, bytes, from, end, length);
  }

  #readData(
    connection: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    counted: number,
  ): number {
    const content = this.#content[connection]!;
    const padding = this.#padding[connection]!;
    const available = end - at;
    const taken = content < available ? content : available;
    const skipped = padding < available - taken ? padding : available - taken;
    this.#content[connection] = content - taken;
    this.#padding[connection] = padding - skipped;
    const isWhole = taken === content && skipped === padding;
    if (isWhole || taken > 0 || counted > 0) {
      const ends = isWhole && this.#ends[connection] === 1;
      const stream = this.#stream[connection]!;
      this.#listener.data(connection, stream, bytes, at, at + taken, counted, ends);
    }
    return at + taken + skipped;
  }

  #keep(connection: number, bytes: Uint8Array, at: number, end: number): number {
    const gathering = this.#spare.pop() ?? { bytes: Buffer.alloc(mostGathered), length: 0 };
    gathering.length = 0;
    this.#gatherings.set(connection, gathering);
    this.#isGathering[connection] = 1;
    return this.#gather(connection, bytes, at, end);
  }

  #gather(connection: number, bytes: Uint8Array, start: number, end: number): number {
    const gathering = this.#gatherings.get(connection)!;
    const { bytes: gathered } = gathering;
    let at = start;
    for (;;) {
      const needed = gathering.length < frameHeadBytes ? frameHeadBytes : neededBytes(gathered);
      if (needed > mostGathered) {
        this.#listener.badFrame(connection, ErrorCode.frameSizeError);
        return end;
      }
      if (gathering.length === needed) break;
      if (at === end) return end;
      const taken = Math.min(needed - gathering.length, end - at);
      for (let i = 0; i < taken; i++) gathered[gathering.length + i] = bytes[at + i]!;
      gathering.length += taken;
      at += taken;
    }
    this.#gatherings.delete(connection);
    this.#isGathering[connection] = 0;
    const type = gathered[3]!;
    const { length } = gathering;
    if (type === FrameType.data) at = this.#beginData(connection, gathered, 0, bytes, at, end);
    else {
      const stream = read31(gathered, 5);
      const flags = gathered[4]!;
      this.#listener.frame(connection, type, flags, stream, gathered, frameHeadBytes, length);
    }
    // Only now: nothing else is gathered in it while it is looked at.
    this.#spare.push(gathering);
    return at;
  }

  #endGathering(connection: number): void {
    this.#isGathering[connection] = 0;
    this.#spare.push(this.#gatherings.get(connection)!);
    this.#gatherings.delete(connection);
  }
}

/** With the length of the padding. */
function dataHeadBytes(bytes: Uint8Array, at: number): number {
  const isEmpty = bytes[at]! + bytes[at + 1]! + bytes[at + 2]! === 0;
  const isPadded = (bytes[at + 4]! & FrameFlag.padded) !== 0;
  return isPadded && !isEmpty ? frameHeadBytes + 1 : frameHeadBytes;
}

/** Of a frame whose head is known: all of it, but of DATA no content. */
function neededBytes(bytes: Uint8Array): number {
  const length = (bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!;
  if (length > frameBytes) return Infinity;
  return bytes[3] === FrameType.data ? dataHeadBytes(bytes, 0) : frameHeadBytes + length;
}
