import type { NotSent, Starter, Workload } from './workload.js';

/** Connections are held and nothing is sent; with `touch`, each is served once when it opens. */
export class IdleWorkload implements Workload {
  readonly planned = null;
  readonly exhausted = false;
  readonly starved = false;
  readonly notSent: NotSent = { shed: 0, unsent: 0 };
  readonly #starter: Starter;
  readonly #touch: boolean;

  constructor(starter: Starter, touch: boolean) {
    this.#starter = starter;
    this.#touch = touch;
  }

  begin(): void {
    // A hold does nothing.
  }

  ready(exchange: number, fresh: boolean): void {
    if (!this.#touch || !fresh) return;
    this.#starter.intendedAt[exchange] = this.#starter.now;
    this.#starter.start(exchange);
  }

  pump(): number {
    return Infinity;
  }

  returned(): void {
    // The connection is opened again, and touched then.
  }

  again(): void {
    // As above.
  }

  end(): void {
    // Nothing was due.
  }
}
