import type { Progress } from './messages.js';

/** For so long a server may be away when a run begins; a port that is closed is told of then. */
const patienceMicros = 1_000_000;

/** Whether anything can be reached at all, told by what the workers say of their progress. */
export class Reach {
  #since = Infinity;
  #reached = false;
  #failed = false;

  /** From now on, connections are tried. */
  start(now: number): void {
    this.#since = Math.min(this.#since, now);
  }

  note({ established, sent, errors }: Progress): void {
    if (established > 0 || sent > 0) this.#reached = true;
    else if (Object.keys(errors).length > 0) this.#failed = true;
  }

  /** Nothing was ever open, what was tried has failed, and that for long enough. */
  isHopeless(now: number): boolean {
    return !this.#reached && this.#failed && now - this.#since >= patienceMicros;
  }
}
