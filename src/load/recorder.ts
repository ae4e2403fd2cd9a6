import { Counts, type CountsSnapshot } from '../latency/counts.js';
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

/**
 * Of the same distributions what did not end, at the time that it was waited for: counted apart, so
 * that what was answered can still be told from it.
 */
const censoredNames = [
  'latencyCensored',
  'serviceTimeCensored',
  'connectCensored',
  'sendDelayCensored',
] as const;
type CensoredName = (typeof censoredNames)[number];

const countsNames = [...distributionNames, ...censoredNames] as const;

/** What one second of a phase held, each of them that is not empty. */
export type Interval = Partial<Record<DistributionName | CensoredName, CountsSnapshot>>;

/** Of several intervals what ended, and what was waited for in vain. */
export function countsOf(
  intervals: readonly Interval[],
  name: DistributionName,
): { ended: CountsSnapshot[]; censored: CountsSnapshot[] } {
  const of = (key: keyof Interval): CountsSnapshot[] =>
    intervals.map((interval) => interval[key]).filter((counts) => counts !== undefined);
  return { ended: of(name), censored: name === 'pacingLag' ? [] : of(`${name}Censored`) };
}

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
  readonly latencyCensored = new Counts();
  readonly serviceTimeCensored = new Counts();
  readonly connectCensored = new Counts();
  readonly sendDelayCensored = new Counts();
  sent = 0;
  responses = 0;
  responsesInWindow = 0;
  opened = 0;
  lost = 0;
  #heldMicros = 0;
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

  /** A request that was not answered as it should be has held its connection for so long. */
  held(micros: number): void {
    this.#heldMicros += micros;
  }

  /** A latency reached so far beyond the end of the phase's clock. */
  overhang(micros: number): void {
    this.#overhangMicros += micros;
  }

  /**
   * A request without an answer, in whole microseconds: waited for since its intended start and since
   * it was sent, and between the two.
   */
  unanswered(latency: number, serviceTime: number, sendDelay: number): void {
    this.latencyCensored.record(latency);
    this.serviceTimeCensored.record(serviceTime);
    this.sendDelay.record(sendDelay);
  }

  /** A request that was due for so many microseconds, and was given up before it could be sent. */
  neverSent(waited: number): void {
    this.latencyCensored.record(waited);
    this.sendDelayCensored.record(waited);
  }

  /** A handshake that was given up after so many microseconds. */
  neverOpened(waited: number): void {
    this.connectCensored.record(waited);
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
    for (const name of countsNames) {
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
      unansweredMicros: this.#heldMicros,
      overhangMicros: this.#overhangMicros,
    };
  }

  clear(): void {
    for (const name of countsNames) this[name].clear();
    this.sent = 0;
    this.responses = 0;
    this.responsesInWindow = 0;
    this.opened = 0;
    this.lost = 0;
    this.#heldMicros = 0;
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
