import type { Outbox } from '../outbox.js';
import {
  FrameFlag,
  frameBytes,
  frameHeadBytes,
  FrameType,
  magic,
  mostWindow,
  defaultWindow,
  Setting,
  writeFrameHead,
  writeWord,
} from './frames.js';

const settings = [
  // No dynamic entries (RFC 7541 §4.2), so that blocks of header fields mean the same everywhere.
  [Setting.headerTableSize, 0],
  [Setting.enablePush, 0],
  [Setting.initialWindowSize, mostWindow],
  [Setting.maxHeaderListSize, 64 * 1024],
] as const;

/** Requests leave so many octets to the short frames that answer the server's. */
export const reservedBytes = 256;
/** The most that the preface takes. */
export const prefaceBytes = 128;

/** Puts into the outbox what is said of streams and connections, and not on them. */
export class FrameWriter {
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** RFC 9113 §3.4, and all the room there is for what the server sends (§6.9). */
  preface(connection: number): void {
    const { bytes } = this.#outbox;
    const start = this.#outbox.end(connection);
    bytes.set(magic, start);
    let at = start + magic.length;
    writeFrameHead(bytes, at, settings.length * 6, FrameType.settings, 0, 0);
    at += frameHeadBytes;
    for (const [name, value] of settings) {
      bytes[at] = 0;
      bytes[at + 1] = name;
      writeWord(bytes, at + 2, value);
      at += 6;
    }
    this.#outbox.add(connection, at - start);
    this.windowUpdate(connection, 0, mostWindow - defaultWindow);
  }

  /** Each of these returns false where there is no room. */
  settingsAck(connection: number): boolean {
    return this.#begin(connection, 0, FrameType.settings, FrameFlag.ack, 0) >= 0;
  }

  pingAck(connection: number, from: Uint8Array, start: number): boolean {
    const at = this.#begin(connection, 8, FrameType.ping, FrameFlag.ack, 0);
    if (at < 0) return false;
    for (let i = 0; i < 8; i++) this.#outbox.bytes[at + i] = from[start + i]!;
    return true;
  }

  /** @param stream 0: the connection's */
  windowUpdate(connection: number, stream: number, increment: number): boolean {
    return this.#word(connection, FrameType.windowUpdate, stream, increment);
  }

  resetStream(connection: number, stream: number, code: number): boolean {
    return this.#word(connection, FrameType.rstStream, stream, code);
  }

  /** Nothing more is sent on it (RFC 9113 §5.1, "half-closed"). */
  endStream(connection: number, stream: number): boolean {
    return this.#begin(connection, 0, FrameType.data, FrameFlag.endStream, stream) >= 0;
  }

  goaway(connection: number, code: number): boolean {
    const at = this.#begin(connection, 8, FrameType.goaway, 0, 0);
    if (at < 0) return false;
    // The server opens no streams.
    writeWord(this.#outbox.bytes, at, 0);
    writeWord(this.#outbox.bytes, at + 4, code);
    return true;
  }

  /** Frames of a header block that stands elsewhere, of which each is as long as it may be. */
  headers(
    connection: number,
    stream: number,
    block: Uint8Array,
    length: number,
    ends: boolean,
  ): void {
    let type: number = FrameType.headers;
    for (let sent = 0; sent === 0 || sent < length;) {
      const piece = Math.min(frameBytes, length - sent);
      const last = sent + piece === length ? FrameFlag.endHeaders : 0;
      const flags = last | (type === FrameType.headers && ends ? FrameFlag.endStream : 0);
      const at = this.#outbox.end(connection);
      writeFrameHead(this.#outbox.bytes, at, piece, type, flags, stream);
      for (let i = 0; i < piece; i++) {
        this.#outbox.bytes[at + frameHeadBytes + i] = block[sent + i]!;
      }
      this.#outbox.add(connection, frameHeadBytes + piece);
      sent += piece;
      type = FrameType.continuation;
    }
  }

  #word(connection: number, type: number, stream: number, value: number): boolean {
    const at = this.#begin(connection, 4, type, 0, stream);
    if (at >= 0) writeWord(this.#outbox.bytes, at, value);
    return at >= 0;
  }

  /** Returns where the payload goes; −1: there is no room. */
  #begin(connection: number, length: number, type: number, flags: number, stream: number): number {
    if (this.#outbox.room(connection) < frameHeadBytes + length) return -1;
    const at = this.#outbox.end(connection);
    writeFrameHead(this.#outbox.bytes, at, length, type, flags, stream);
    this.#outbox.add(connection, frameHeadBytes + length);
    return at + frameHeadBytes;
  }
}
