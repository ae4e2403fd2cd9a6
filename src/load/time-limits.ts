import type { Connections } from './connections.js';
import type { LoadPlan } from './plan.js';

const slotsPerScan = 4096;
const shortestPassMicros = 1_000;
const longestPassMicros = 100_000;

/** What may not be waited for any longer. */
export interface Overdue {
  requestOverdue(slot: number): void;
  handshakeOverdue(slot: number): void;
}

/**
 * Finds requests and handshakes that took too long. A part of the slots is looked at each time, so
 * that a million of them hold nothing up.
 */
export class TimeLimits {
  readonly #plan: LoadPlan;
  readonly #connections: Connections;
  readonly #sentAt: Float64Array;
  readonly #overdue: Overdue;
  readonly #betweenMicros: number;
  #scanned = 0;
  /** When to look again, in microseconds of `nowMicros()`. */
  nextAt = 0;

  constructor(plan: LoadPlan, connections: Connections, sentAt: Float64Array, overdue: Overdue) {
    this.#plan = plan;
    this.#connections = connections;
    this.#sentAt = sentAt;
    this.#overdue = overdue;
    const share = plan.timeoutMicros / 100;
    const pass = Math.min(longestPassMicros, Math.max(shortestPassMicros, share));
    this.#betweenMicros = pass / Math.max(1, Math.ceil(sentAt.length / slotsPerScan));
  }

  look(now: number): void {
    this.nextAt = now + this.#betweenMicros;
    const sentBefore = now - this.#plan.timeoutMicros;
    const openedBefore = now - this.#plan.connectTimeoutMicros;
    const slots = this.#sentAt.length;
    const from = this.#scanned === slots ? 0 : this.#scanned;
    this.#scanned = Math.min(slots, from + slotsPerScan);
    for (let slot = from; slot < this.#scanned; slot++) {
      if (this.#connections.isBusy(slot)) {
        if (this.#sentAt[slot]! <= sentBefore) this.#overdue.requestOverdue(slot);
      } else if (this.#connections.isOpening(slot)) {
        if (this.#connections.since(slot) <= openedBefore) this.#overdue.handshakeOverdue(slot);
      }
    }
  }
}
