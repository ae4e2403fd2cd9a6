import { grpcErrorKind, type RequestErrorKind } from '../../errors.js';
import { prefixBytes } from './message-template.js';

const ok = 0;
const noStatus = -1;

/**
 * The answers to calls, by exchange: messages, each behind its prefix, and the status behind them
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Responses").
 */
export class Calls {
  /** Octets of the prefix that have come. */
  readonly #prefix: Uint8Array;
  /** Octets of the message that have not come; of a prefix in part, what it says so far. */
  readonly #left: Float64Array;
  /** Messages that are whole. */
  readonly #messages: Uint32Array;
  /** Of them, those that were not asked for yet. */
  readonly #untaken: Uint32Array;
  readonly #status: Int8Array;

  constructor(exchanges: number) {
    this.#prefix = new Uint8Array(exchanges);
    this.#left = new Float64Array(exchanges);
    this.#messages = new Uint32Array(exchanges);
    this.#untaken = new Uint32Array(exchanges);
    this.#status = new Int8Array(exchanges);
  }

  begin(exchange: number): void {
    this.#prefix[exchange] = 0;
    this.#left[exchange] = 0;
    this.#messages[exchange] = 0;
    this.#untaken[exchange] = 0;
    this.#status[exchange] = noStatus;
  }

  /** @param status −1: it did not say */
  setStatus(exchange: number, status: number): void {
    this.#status[exchange] = status;
  }

  /** Octets of the answer. Returns false for a message that is compressed. */
  read(exchange: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at >= 0 && at < end) at = this.readOne(exchange, bytes, at, end);
    return at >= 0;
  }

  /** No message is there in part. */
  isBetween(exchange: number): boolean {
    return this.#prefix[exchange] === 0;
  }

  /**
   * Octets of one message, at the most to its end.
   * @returns where they end; −1: the message is compressed
   */
  readOne(exchange: number, bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const seen = this.#prefix[exchange]!;
      if (seen === prefixBytes) {
        const taken = Math.min(this.#left[exchange]!, end - at);
        at += taken;
        this.#left[exchange] = this.#left[exchange]! - taken;
      } else {
        const octet = bytes[at++]!;
        if (seen === 0) {
          if (octet !== 0) return -1;
          this.#left[exchange] = 0;
        } else this.#left[exchange] = this.#left[exchange]! * 256 + octet;
        this.#prefix[exchange] = seen + 1;
        if (seen + 1 < prefixBytes) continue;
      }
      if (this.#left[exchange] === 0) {
        this.#messages[exchange] = this.#messages[exchange]! + 1;
        this.#untaken[exchange] = this.#untaken[exchange]! + 1;
        this.#prefix[exchange] = 0;
        return at;
      }
    }
    return at;
  }

  /** How many messages were completed since the last time. */
  take(exchange: number): number {
    const untaken = this.#untaken[exchange]!;
    this.#untaken[exchange] = 0;
    return untaken;
  }

  /**
   * What a call has come to whose stream has ended; null: it succeeded.
   * @param answersOnce one message is its whole answer
   */
  failure(exchange: number, answersOnce: boolean): RequestErrorKind | null {
    const status = this.#status[exchange]!;
    if (status === noStatus) return 'grpc-no-status';
    if (status !== ok) return grpcErrorKind(status);
    const isCut = this.#prefix[exchange] !== 0;
    return isCut || (answersOnce && this.#messages[exchange] !== 1) ? 'malformed' : null;
  }
}
