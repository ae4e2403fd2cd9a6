import type { CodecListener } from '../codec.js';
import type { Endings } from './endings.js';
import type { FrameWriter } from './frame-writer.js';
import { ErrorCode, FrameFlag, mostWindow, read31, readWord, Setting } from './frames.js';
import { Phase, type Peers } from './peers.js';
import type { Sender } from './sender.js';
import { noStream, type Streams } from './streams.js';

/** Half of what the server may send before it is told to go on. */
const acknowledgedAt = 2 ** 30;
const settingBytes = 6;

/** What the server says of itself, and of how much may be sent (RFC 9113 §§5.2, 6.5, 6.7 and 6.9). */
export class ConnectionFrames {
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  readonly #endings: Endings;
  readonly #listener: CodecListener;

  constructor(
    peers: Peers,
    streams: Streams,
    writer: FrameWriter,
    sender: Sender,
    endings: Endings,
    listener: CodecListener,
  ) {
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#endings = endings;
    this.#listener = listener;
  }

  settings(
    connection: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const peers = this.#peers;
    const isAck = (flags & FrameFlag.ack) !== 0;
    if (stream !== 0 || (end - start) % settingBytes !== 0 || (isAck && end > start)) {
      this.#endings.misplaced(connection, stream);
      return;
    }
    if (!this.#endings.idle(connection) || isAck) return;
    const before = this.#mostAtOnce(connection);
    for (let at = start; at < end; at += settingBytes) {
      const name = (bytes[at]! << 8) | bytes[at + 1]!;
      const code = this.#set(connection, name, readWord(bytes, at + 2));
      if (code === ErrorCode.noError) continue;
      this.#endings.connectionError(connection, code);
      return;
    }
    if (!this.#writer.settingsAck(connection)) {
      this.#endings.connectionError(connection, ErrorCode.enhanceYourCalm);
      return;
    }
    const most = this.#mostAtOnce(connection);
    if (peers.phase[connection] === Phase.greeting) {
      peers.phase[connection] = Phase.ready;
      this.#listener.ready(connection, most);
      return;
    }
    this.#sender.goOn(connection);
    if (most < before) this.#endings.halfCloseFrom(connection, most);
    if (most !== before && peers.phase[connection] === Phase.ready) {
      this.#listener.limited(connection, most);
    }
  }

  ping(
    connection: number,
    flags: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (stream !== 0 || end - start !== 8) {
      this.#endings.misplaced(connection, stream);
      return;
    }
    if (!this.#endings.idle(connection) || (flags & FrameFlag.ack) !== 0) return;
    if (!this.#writer.pingAck(connection, bytes, start)) {
      this.#endings.connectionError(connection, ErrorCode.enhanceYourCalm);
    }
  }

  windowUpdate(
    connection: number,
    stream: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (end - start !== 4) {
      this.#endings.connectionError(connection, ErrorCode.frameSizeError);
      return;
    }
    const increment = read31(bytes, start);
    if (stream === 0) this.#widen(connection, increment);
    else {
      const exchange = this.#streams.find(connection, stream);
      if (exchange < 0) this.#endings.unknownStream(connection, stream);
      else if (increment === 0 || this.#streams.window[exchange]! > mostWindow - increment) {
        this.#endings.failStream(connection, stream, 'protocol');
      } else {
        this.#streams.window[exchange] = this.#streams.window[exchange]! + increment;
        this.#sender.goOn(connection);
      }
    }
  }

  /** Flow control of what comes: seldom is the server told to go on. Returns whether it keeps to it. */
  count(connection: number, octets: number): boolean {
    const { unacknowledged } = this.#peers;
    const count = unacknowledged[connection]! + octets;
    unacknowledged[connection] = count;
    if (count < acknowledgedAt) return true;
    if (this.#writer.windowUpdate(connection, 0, count)) unacknowledged[connection] = 0;
    else if (count > mostWindow) {
      this.#endings.connectionError(connection, ErrorCode.flowControlError);
      return false;
    }
    return true;
  }

  countOfStream(connection: number, exchange: number, octets: number): void {
    const { unacknowledged, id } = this.#streams;
    const count = unacknowledged[exchange]! + octets;
    unacknowledged[exchange] = count;
    if (count < acknowledgedAt) return;
    if (this.#writer.windowUpdate(connection, id[exchange]!, count)) unacknowledged[exchange] = 0;
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
    const { numbers, id, window } = this.#streams;
    const change = size - peers.streamWindow[connection]!;
    peers.streamWindow[connection] = size;
    const first = numbers.first(connection);
    for (let exchange = first; exchange < first + numbers.perConnection; exchange++) {
      if (id[exchange]! <= noStream) continue;
      const resized = window[exchange]! + change;
      if (resized > mostWindow) return ErrorCode.flowControlError;
      window[exchange] = resized;
    }
    return ErrorCode.noError;
  }

  #widen(connection: number, increment: number): void {
    const peers = this.#peers;
    if (increment === 0) this.#endings.connectionError(connection, ErrorCode.protocolError);
    else if (peers.window[connection]! > mostWindow - increment) {
      this.#endings.connectionError(connection, ErrorCode.flowControlError);
    } else {
      peers.window[connection] = peers.window[connection]! + increment;
      if (peers.uploading[connection]! > 0) this.#sender.goOn(connection);
    }
  }
}
