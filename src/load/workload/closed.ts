import type { Connections } from '../connections.js';
import type { NotSent, Starter, Workload } from './workload.js';

/** A connection sends its next request as soon as the last one was answered. */
export class ClosedWorkload implements Workload {
  readonly planned: number | null;
  readonly #connections: Connections;
  readonly #starter: Starter;
  #started = 0;
  /** When those should have started that start anew. */
  readonly #again: number[] = [];

  constructor(connections: Connections, starter: Starter, requests: number | null) {
    this.#connections = connections;
    this.#starter = starter;
    this.planned = requests;
  }

  get exhausted(): boolean {
    return this.#started === this.planned;
  }

  /** With one connection open, that is what it waits for. */
  get starved(): boolean {
    return !this.exhausted && this.#connections.established === 0;
  }

  get notSent(): NotSent {
    return { shed: 0, unsent: this.planned === null ? 0 : this.planned - this.#started };
  }

  begin(): void {
    // The first requests start when the first connections are free: now.
  }

  ready(exchange: number): void {
    this.#connections.pushFree(exchange);
    this.pump();
  }

  pump(): number {
    while (!this.exhausted) {
      const exchange = this.#connections.shiftFree();
      if (exchange < 0) break;
      this.#started++;
      this.#starter.intendedAt[exchange] =
        this.#again.length === 0 ? this.#starter.now : this.#again.shift()!;
      this.#starter.start(exchange);
    }
    return Infinity;
  }

  returned(): void {
    this.#started--;
  }

  again(exchange: number): void {
    this.#started--;
    this.#again.push(this.#starter.intendedAt[exchange]!);
  }

  end(): void {
    // What was not started was not due: it would have been when a connection was free.
  }
}
