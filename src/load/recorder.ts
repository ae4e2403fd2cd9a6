import { Counts, type CountsSnapshot } from '../measure/counts.js';
import {
  connectErrorKinds,
  requestErrorKinds,
  type ConnectErrorKind,
  type RequestErrorKind,
} from './errors.js';

/** The distributions that a phase keeps; the order is the wire format between threads. */
export const distributionNames = [
  'latency',
  'serviceTime',
  'connect',
  'sendDelay',
  'pacingLag',
] as const;
export type DistributionName = (typeof distributionNames)[number];

/** What one second of a phase held, each distribution that is not empty. */
export type Interval = Partial<Record<DistributionName, CountsSnapshot>>;

/** What one shard counted in one phase. Every request that was sent is in exactly one of them. */
export interface Tally {
  readonly sent: number;
  readonly responses: number;
  readonly responsesInWindow: number;
  readonly statusCodes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly connectErrors: Readonly<Record<string, number>>;
  readonly opened: number;
  readonly lost: number;
  /**
   * Microseconds of the phase's clock for which requests held a connection: beyond their latencies
   * (those that were not answered), and less than these (those that were answered after the clock).
   */
  readonly unansweredMicros: number;
  readonly overhangMicros: number;
}

/** Counts the outcomes of one shard's phase; nothing is allocated per request. */
export class Recorder {
  readonly latency = new Counts();
  readonly serviceTime = new Counts();
  readonly connect = new Counts();
  readonly sendDelay = new Counts();
  readonly pacingLag = new Counts();
  sent = 0;
  responses = 0;
  responsesInWindow = 0;
  opened = 0;
  lost = 0;
  #unansweredMicros = 0;
  #overhangMicros = 0;
  readonly #statusCodes = new Float64Array(1000);
  readonly #errors = new Float64Array(requestErrorKinds.length);
  readonly #connectErrors = new Float64Array(connectErrorKinds.length);

  /** Whole microseconds: from the intended start, from the actual send, and between the two. */
  response(latency: number, serviceTime: number, sendDelay: number, inWindow: boolean): void {
    this.responses++;
    if (inWindow) this.responsesInWindow++;
    this.latency.record(latency);
    this.serviceTime.record(serviceTime);
    this.sendDelay.record(sendDelay);
  }

  /** A request that leaves no latency has held its connection for so long. */
  unanswered(heldMicros: number): void {
    this.#unansweredMicros += heldMicros;
  }

  /** A latency reached so far beyond the end of the phase's clock. */
  overhang(micros: number): void {
    this.#overhangMicros += micros;
  }

  status(code: number): void {
    this.#statusCodes[code] = this.#statusCodes[code]! + 1;
  }

  error(kind: RequestErrorKind): void {
    const index = requestErrorKinds.indexOf(kind);
    this.#errors[index] = this.#errors[index]! + 1;
  }

  connectError(kind: ConnectErrorKind): void {
    const index = connectErrorKinds.indexOf(kind);
    this.#connectErrors[index] = this.#connectErrors[index]! + 1;
  }

  takeInterval(): Interval {
    const interval: Interval = {};
    for (const name of distributionNames) {
      const counts = this[name].take();
      if (counts !== null) interval[name] = counts;
    }
    return interval;
  }

  /** Failed requests by kind. */
  errors(): Record<string, number> {
    return nonZero(this.#errors, (index) => requestErrorKinds[index]!);
  }

  /** Failed handshakes by kind. */
  connectErrors(): Record<string, number> {
    return nonZero(this.#connectErrors, (index) => connectErrorKinds[index]!);
  }

  tally(): Tally {
    return {
      sent: this.sent,
      responses: this.responses,
      responsesInWindow: this.responsesInWindow,
      statusCodes: nonZero(this.#statusCodes, (code) => String(code)),
      errors: this.errors(),
      connectErrors: this.connectErrors(),
      opened: this.opened,
      lost: this.lost,
      unansweredMicros: this.#unansweredMicros,
      overhangMicros: this.#overhangMicros,
    };
  }

  clear(): void {
    for (const name of distributionNames) this[name].clear();
    this.sent = 0;
    this.responses = 0;
    this.responsesInWindow = 0;
    this.opened = 0;
    this.lost = 0;
    this.#unansweredMicros = 0;
    this.#overhangMicros = 0;
    this.#statusCodes.fill(0);
    this.#errors.fill(0);
    this.#connectErrors.fill(0);
  }
}

function nonZero(counts: Float64Array, nameOf: (index: number) => string): Record<string, number> {
  const named: Record<string, number> = {};
  counts.forEach((count, index) => {
    if (count > 0) named[nameOf(index)] = count;
  });
  return named;
}
