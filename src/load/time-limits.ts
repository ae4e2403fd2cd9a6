import type { Connections } from './connections.js';
import type { ExchangeNumbers } from './exchange-numbers.js';
import type { LoadPlan } from './plan.js';
import type { UnderWay } from './under-way.js';

const exchangesPerScan = 4096;
const shortestPassMicros = 1_000;
const longestPassMicros = 100_000;

/** What may not be waited for any longer. */
export interface Overdue {
  requestOverdue(exchange: number): void;
  handshakeOverdue(connection: number): void;
}

/**
 * Finds requests and handshakes that took too long. A part of the exchanges is looked at each
 * time, so that a million of them hold nothing up.
 */
export class TimeLimits {
  readonly #plan: LoadPlan;
  readonly #connections: Connections;
  readonly #numbers: ExchangeNumbers;
  readonly #underWay: UnderWay;
  readonly #sentAt: Float64Array;
  readonly #overdue: Overdue;
  readonly #betweenMicros: number;
  #scanned = 0;
  /** When to look again, in microseconds of `nowMicros()`. */
  nextAt = 0;

  constructor(
    plan: LoadPlan,
    connections: Connections,
    numbers: ExchangeNumbers,
    underWay: UnderWay,
    sentAt: Float64Array,
    overdue: Overdue,
  ) {
    this.#plan = plan;
    this.#connections = connections;
    this.#numbers = numbers;
    this.#underWay = underWay;
    this.#sentAt = sentAt;
    this.#overdue = overdue;
    const share = plan.timeoutMicros / 100;
    const pass = Math.min(longestPassMicros, Math.max(shortestPassMicros, share));
    this.#betweenMicros = pass / Math.max(1, Math.ceil(numbers.count / exchangesPerScan));
  }

  look(now: number): void {
    this.nextAt = now + this.#betweenMicros;
    const sentBefore = now - this.#plan.timeoutMicros;
    const openedBefore = now - this.#plan.connectTimeoutMicros;
    const from = this.#scanned === this.#numbers.count ? 0 : this.#scanned;
    this.#scanned = Math.min(this.#numbers.count, from + exchangesPerScan);
    for (let exchange = from; exchange < this.#scanned; exchange++) {
      if (this.#underWay.isBusy(exchange)) {
        if (this.#sentAt[exchange]! <= sentBefore) this.#overdue.requestOverdue(exchange);
        continue;
      }
      const connection = this.#numbers.connectionOf(exchange);
      if (this.#numbers.first(connection) !== exchange) continue;
      if (!this.#connections.isOpening(connection)) continue;
      if (this.#connections.since(connection) <= openedBefore) {
        this.#overdue.handshakeOverdue(connection);
      }
    }
  }
}
