import { exitCodes } from './exit-codes.js';
import { shown, type Outcome } from './outcome.js';

/** One call of c1m: the signals that it gets while a command runs, and how that ended. */
export class Invocation {
  readonly #interrupt = new AbortController();
  #isHeeded = false;
  #outcome = shown();

  constructor() {
    // The first lets what was measured be kept and reported; the second leaves at once.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (this.#interrupt.signal.aborted) process.exit(exitCodes.interrupted);
        this.#end();
      });
    }
    // A terminal that is closed may tell it twice: its shell does, and the kernel when that is gone.
    process.on('SIGHUP', () => this.#end());
  }

  /** For a command that ends by itself, in order, when the signal is aborted; others end at once. */
  heed(): AbortSignal {
    this.#isHeeded = true;
    return this.#interrupt.signal;
  }

  ended(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  get outcome(): Outcome {
    return this.#outcome;
  }

  /** Whether this is what was thrown because of a signal. */
  isInterrupt(error: unknown): boolean {
    return error === this.#interrupt.signal.reason;
  }

  #end(): void {
    if (!this.#isHeeded) process.exit(exitCodes.interrupted);
    this.#interrupt.abort();
  }
}
