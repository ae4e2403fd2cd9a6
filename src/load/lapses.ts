import { NumberQueue } from './number-queue.js';

/**
 * Connections that were opened for a phase and have ended in the ordinary way before its clock starts:
 * the server answers and closes, or keeps nobody for as long as it takes to open all. Each had its try,
 * so that opening them has an end; once the clock runs they are opened again.
 */
export class Lapses {
  readonly #queue: NumberQueue;
  #since = Infinity;

  constructor(connections: number) {
    this.#queue = new NumberQueue(connections);
  }

  get count(): number {
    return this.#queue.size;
  }

  /** From now on until the clock starts, what ends is not to be opened again at once. */
  begin(now: number): void {
    this.#since = now;
  }

  /** Whether it takes one that has ended. @param openSince when it was opened, or first answered */
  take(connection: number, openSince: number): boolean {
    if (openSince < this.#since) return false;
    this.#queue.push(connection);
    return true;
  }

  /** The clock starts. Calls back for each, which may be opened again. */
  end(each: (connection: number) => void): void {
    this.#since = Infinity;
    for (let connection; (connection = this.#queue.shift()) >= 0;) each(connection);
  }
}
