import { NumberQueue } from './number-queue.js';

const firstPauseMicros = 10_000;
const longestPauseMicros = 1_000_000;

const scanMicros = 5_000;
/** While a request waits for a connection, one pause is ended in each of these. */
export const hurryMicros = 1_000;

/**
 * How connections that fail are spared: one is tried again at once, and then after pauses that double
 * with each failure in a row, until it answers.
 */
export class Pauses {
  /** In a row, since it last answered. */
  readonly #failures: Uint8Array;
  /** 1: it pauses. */
  readonly #pausing: Uint8Array;
  /** When its pause is over. */
  readonly #until: Float64Array;
  readonly #queue: NumberQueue;
  #nextScan = 0;
  #nextHurryAt = 0;
  /** How many pause. */
  count = 0;

  constructor(connections: number) {
    this.#failures = new Uint8Array(connections);
    this.#pausing = new Uint8Array(connections);
    this.#until = new Float64Array(connections);
    this.#queue = new NumberQueue(connections);
  }

  failed(connection: number): void {
    this.#failures[connection] = Math.min(this.#failures[connection]! + 1, 255);
  }

  /** Its row of failures is over. */
  forgive(connection: number): void {
    this.#failures[connection] = 0;
  }

  failuresOf(connection: number): number {
    return this.#failures[connection]!;
  }

  /** From now on it pauses, for as long as its failures in a row ask for. */
  begin(connection: number, now: number): void {
    const doublings = Math.min(Math.max(0, this.#failures[connection]! - 2), 20);
    this.#until[connection] = now + Math.min(firstPauseMicros * 2 ** doublings, longestPauseMicros);
    this.#pausing[connection] = 1;
    this.count++;
    this.#queue.push(connection);
  }

  end(connection: number): void {
    this.#pausing[connection] = 0;
    this.count--;
  }

  /** Ends one, however long it would last, and returns whose it was; −1 where none pauses. */
  endNext(): number {
    for (;;) {
      const connection = this.#queue.shift();
      if (connection >= 0 && this.#pausing[connection] === 0) continue;
      if (connection >= 0) this.end(connection);
      return connection;
    }
  }

  /** Ends those whose time is over, calling back for each. */
  endDue(now: number, each: (connection: number) => void): void {
    if (this.count === 0 || now < this.#nextScan) return;
    this.#nextScan = now + scanMicros;
    for (let left = this.#queue.size; left > 0; left--) {
      const connection = this.#queue.shift();
      if (this.#pausing[connection] === 0) continue;
      if (this.#until[connection]! <= now) {
        this.end(connection);
        each(connection);
      } else this.#queue.push(connection);
    }
  }

  /** Ends one early, since a request waits; −1 where none pauses, or one was ended just now. */
  hurry(now: number): number {
    if (this.count === 0 || now < this.#nextHurryAt) return -1;
    this.#nextHurryAt = now + hurryMicros;
    return this.endNext();
  }
}
