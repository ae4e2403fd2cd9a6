import { Counts, type CountsSnapshot } from '../latency/counts.js';
import { addNamed } from '../results/counts.js';
import {
  connectErrorKinds,
  requestErrorKinds,
  type ConnectErrorKind,
  type RequestErrorKind,
} from './errors.js';
import { StreamSeries, type StreamTally } from './stream-series.js';
import { isStream, type RequestSpec } from './plan.js';
import { nonZero, RequestSeries, type RequestCounts, type RequestTally } from './request-series.js';

/** The distributions that a phase keeps; the order is the wire format between threads. */
export const distributionNames = [
  'latency',
  'serviceTime',
  'connect',
  'sendDelay',
  'pacingLag',
  'firstByte',
  'firstEvent',
  'firstEventService',
  'betweenEvents',
  'wakeUpLag',
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
  'firstByteCensored',
  'firstEventCensored',
  'firstEventServiceCensored',
  'betweenEventsCensored',
] as const;
type CensoredName = (typeof censoredNames)[number];

/** How late c1m itself is: nothing of that is waited for. */
const lagNames = ['pacingLag', 'wakeUpLag'] as const;
export type LagName = (typeof lagNames)[number];

function isLag(name: DistributionName): name is LagName {
  return (lagNames as readonly string[]).includes(name);
}

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
  return { ended: of(name), censored: isLag(name) ? [] : of(`${name}Censored`) };
}

/**
 * What one shard counted in one phase. Every request that was sent is in exactly one of them, and
 * in that of its place in the plan.
 */
export interface Tally extends RequestCounts {
  readonly requests: readonly RequestTally[];
  readonly streams: StreamTally;
  /** Of the requests sent, the streams that c1m ended, since they went on when the phase was over. */
  readonly cut: number;
  readonly connectErrors: Readonly<Record<string, number>>;
  /** Calls that were held open and that the server ended, by how: `ok`, or the kind of an error. */
  readonly callsEnded: Readonly<Record<string, number>>;
  readonly opened: number;
  readonly lost: number;
  /**
   * Microseconds of the phase's clock for which requests held a connection: beyond their latencies
   * (those that were not answered), and less than these (those that were answered after the clock).
   */
  readonly unansweredMicros: number;
  readonly overhangMicros: number;
}

/**
 * Counts the outcomes of one shard's phase; nothing is allocated per request. What became of a
 * request is counted at its place in the plan only, and added up at the end: but for the latency,
 * which is wanted by the second as well.
 */
export class Recorder {
  readonly streams = new StreamSeries();
  readonly latency = new Counts();
  readonly serviceTime = new Counts();
  readonly connect = new Counts();
  readonly sendDelay = new Counts();
  readonly pacingLag = new Counts();
  readonly latencyCensored = new Counts();
  readonly serviceTimeCensored = new Counts();
  readonly connectCensored = new Counts();
  readonly sendDelayCensored = new Counts();
  readonly firstByte = this.streams.firstByte;
  readonly firstEvent = this.streams.firstEvent;
  readonly firstEventService = this.streams.firstEventService;
  readonly betweenEvents = this.streams.betweenEvents;
  readonly firstByteCensored = this.streams.firstByteCensored;
  readonly firstEventCensored = this.streams.firstEventCensored;
  readonly firstEventServiceCensored = this.streams.firstEventServiceCensored;
  readonly betweenEventsCensored = this.streams.betweenEventsCensored;
  /** How late this thread ran when it had asked to be woken: only where there are streams. */
  readonly wakeUpLag = new Counts();
  cut = 0;
  opened = 0;
  lost = 0;
  #heldMicros = 0;
  #overhangMicros = 0;
  readonly #requests: readonly RequestSeries[];
  readonly #connectErrors = new Float64Array(connectErrorKinds.length);
  /** By place among the kinds of errors; behind them, those with success. */
  readonly #callsEnded = new Float64Array(requestErrorKinds.length + 1);
  readonly #onlyStreams: boolean;

  /** @param requests those of the plan; each is named by its place among them */
  constructor(requests: readonly RequestSpec[]) {
    this.#onlyStreams = requests.every(isStream);
    const only = requests.length === 1;
    this.#requests = requests.map((request) => new RequestSeries(only, isStream(request)));
  }

  /** Of the streams of one of several requests; null of an only one, or of one that asks for none. */
  streamsOf(request: number): StreamSeries | null {
    return this.#requests[request]!.streams;
  }

  get sent(): number {
    return this.#sum(({ sent }) => sent);
  }

  get responses(): number {
    return this.#sum(({ responses }) => responses);
  }

  /** What was counted as sent was not. */
  unsent(request: number): void {
    this.#requests[request]!.sent--;
  }

  sending(request: number): void {
    this.#requests[request]!.sent++;
  }

  /** Whole microseconds: from the intended start, from the actual send, and between the two. */
  response(
    request: number,
    latency: number,
    serviceTime: number,
    sendDelay: number,
    inWindow: boolean,
  ): void {
    this.#requests[request]!.response(latency, inWindow);
    this.latency.record(latency);
    this.serviceTime.record(serviceTime);
    this.sendDelay.record(sendDelay);
  }

  /** A fan-out's message went out, so many whole microseconds after it should have. */
  published(request: number, sendDelay: number, inWindow: boolean): void {
    this.#requests[request]!.response(0, inWindow);
    this.sendDelay.record(sendDelay);
  }

  /** It came to one of those that receive. */
  delivered(latency: number): void {
    this.latency.record(latency);
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
  unanswered(request: number, latency: number, serviceTime: number, sendDelay: number): void {
    this.#requests[request]!.unanswered(latency);
    this.latencyCensored.record(latency);
    this.serviceTimeCensored.record(serviceTime);
    this.sendDelay.record(sendDelay);
  }

  /**
   * A request that was due for so many microseconds, and was given up before it could be sent. Which
   * of the plan's it would have been is only chosen when it is sent.
   */
  neverSent(waited: number): void {
    this.latencyCensored.record(waited);
    this.sendDelayCensored.record(waited);
    if (!this.#onlyStreams) return;
    this.firstByteCensored.record(waited);
    this.firstEventCensored.record(waited);
  }

  /** A handshake that was given up after so many microseconds. */
  neverOpened(waited: number): void {
    this.connectCensored.record(waited);
  }

  status(request: number, code: number): void {
    this.#requests[request]!.status(code);
  }

  /** A response with a status from 400 on that its request does not expect. */
  errorStatus(request: number, code: number): void {
    this.#requests[request]!.errorStatus(code);
  }

  error(request: number, kind: RequestErrorKind): void {
    this.#requests[request]!.error(kind);
  }

  connectError(kind: ConnectErrorKind): void {
    const index = connectErrorKinds.indexOf(kind);
    this.#connectErrors[index] = this.#connectErrors[index]! + 1;
  }

  /** The server has ended a call that was held open. @param kind null: with success */
  callEnded(kind: RequestErrorKind | null): void {
    const index = kind === null ? requestErrorKinds.length : requestErrorKinds.indexOf(kind);
    this.#callsEnded[index] = this.#callsEnded[index]! + 1;
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
    return addNamed(this.#requests.map((request) => request.errors()));
  }

  /** Failed handshakes by kind. */
  connectErrors(): Record<string, number> {
    return nonZero(this.#connectErrors, (index) => connectErrorKinds[index]!);
  }

  /** What was counted since `clear`; the latencies of single requests since the last call. */
  takeTally(): Tally {
    const requests = this.#requests.map((request) => request.take());
    return {
      sent: this.sent,
      responses: this.responses,
      responsesInWindow: this.#sum(({ responsesInWindow }) => responsesInWindow),
      statusCodes: addNamed(requests.map((request) => request.statusCodes)),
      errors: this.errors(),
      requests,
      streams: this.streams.tally,
      cut: this.cut,
      connectErrors: this.connectErrors(),
      callsEnded: nonZero(this.#callsEnded, (index) => requestErrorKinds[index] ?? 'ok'),
      opened: this.opened,
      lost: this.lost,
      unansweredMicros: this.#heldMicros,
      overhangMicros: this.#overhangMicros,
    };
  }

  clear(): void {
    for (const name of countsNames) this[name].clear();
    for (const request of this.#requests) request.clear();
    this.streams.clear();
    this.cut = 0;
    this.opened = 0;
    this.lost = 0;
    this.#heldMicros = 0;
    this.#overhangMicros = 0;
    this.#connectErrors.fill(0);
    this.#callsEnded.fill(0);
  }

  #sum(of: (request: RequestSeries) => number): number {
    return this.#requests.reduce((total, request) => total + of(request), 0);
  }
}
