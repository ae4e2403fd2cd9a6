import { wholeMicros, type Counts } from '../latency/counts.js';

/** Often enough for a p99 of a few seconds, and seldom enough to cost nothing. */
const betweenMicros = 25_000;

/**
 * How late this thread runs when it has asked to be woken: what the times of everything hold that it
 * hears of, such as events that it did not ask for one by one.
 */
export class WakeUpLag {
  readonly #counts: Counts;
  #dueAt = Infinity;

  constructor(counts: Counts) {
    this.#counts = counts;
  }

  /** The first time is at `at`. */
  begin(at: number): void {
    this.#dueAt = at;
  }

  /** Returns when to wake this thread next. */
  look(now: number): number {
    if (now < this.#dueAt) return this.#dueAt;
    this.#counts.record(wholeMicros(now - this.#dueAt));
    this.#dueAt = now + betweenMicros;
    return this.#dueAt;
  }
}
