import { wholeMicrosBetween } from '../latency/counts.js';
import { isStream, type RequestSpec } from './plan.js';
import type { Recorder } from './recorder.js';
import type { StreamSeries } from './stream-series.js';

/**
 * When the streams of events of one shard's exchanges were heard of. Nothing is reset between two
 * requests: what is no later than a request's send is of one before it.
 */
export class StreamTimes {
  readonly #clock: { readonly now: number };
  readonly #intendedAt: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #all: StreamSeries;
  /** By place in the plan: its own, where it is one of several. */
  readonly #ofRequest: readonly (StreamSeries | null)[];
  /** By exchange: when octets came last, and the last event. */
  readonly #heardAt: Float64Array;
  readonly #eventAt: Float64Array;
  readonly #now = new Float64Array(1);
  /** By place in the plan. 1: the request asks for a stream. */
  readonly #isAsked: Uint8Array;

  constructor(
    clock: { readonly now: number },
    requests: readonly RequestSpec[],
    intendedAt: Float64Array,
    sentAt: Float64Array,
    recorder: Recorder,
  ) {
    this.#clock = clock;
    this.#intendedAt = intendedAt;
    this.#sentAt = sentAt;
    this.#all = recorder.streams;
    this.#ofRequest = requests.map((_, place) => recorder.streamsOf(place));
    this.#heardAt = new Float64Array(sentAt.length);
    this.#eventAt = new Float64Array(sentAt.length);
    this.#isAsked = Uint8Array.from(requests, (request) => (isStream(request) ? 1 : 0));
  }

  /** Octets came, with so many events. */
  heard(exchange: number, request: number, events: number, inWindow: boolean): void {
    this.#now[0] = this.#clock.now;
    const own = this.#ofRequest[request] ?? null;
    if (!this.isFlowing(exchange)) {
      const waited = wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0);
      began(this.#all, waited);
      if (own !== null) began(own, waited);
    }
    this.#heardAt[exchange] = this.#now[0];
    if (events === 0) return;
    if (this.#hasEvents(exchange)) {
      const waited = wholeMicrosBetween(this.#eventAt, exchange, this.#now, 0);
      this.#all.betweenEvents.record(waited);
      if (own !== null) own.betweenEvents.record(waited);
    } else {
      const waited = wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0);
      const service = wholeMicrosBetween(this.#sentAt, exchange, this.#now, 0);
      first(this.#all, waited, service);
      if (own !== null) first(own, waited, service);
    }
    came(this.#all, events, inWindow);
    if (own !== null) came(own, events, inWindow);
    this.#eventAt[exchange] = this.#now[0];
  }

  /** Its request is under way, and the stream has begun. */
  isFlowing(exchange: number): boolean {
    return this.#heardAt[exchange]! > this.#sentAt[exchange]!;
  }

  /** Whether octets came no longer than `micros` ago. */
  isHeardWithin(exchange: number, micros: number): boolean {
    return this.isFlowing(exchange) && this.#clock.now - this.#heardAt[exchange]! < micros;
  }

  /** The whole response is here. */
  ended(exchange: number, request: number): void {
    if (!this.isFlowing(exchange) || this.#hasEvents(exchange)) return;
    this.#all.withoutEvents++;
    const own = this.#ofRequest[request] ?? null;
    if (own !== null) own.withoutEvents++;
  }

  /**
   * It is not waited for any longer.
   * @param timedOut it was silent for too long; otherwise c1m itself ends it, and the next event
   * might have come at any time
   */
  waitedInVain(exchange: number, request: number, timedOut: boolean): void {
    if (this.#isAsked[request] === 0) return;
    this.#now[0] = this.#clock.now;
    const own = this.#ofRequest[request] ?? null;
    if (this.#hasEvents(exchange)) {
      if (!timedOut) return;
      const silence = wholeMicrosBetween(this.#eventAt, exchange, this.#now, 0);
      this.#all.betweenEventsCensored.record(silence);
      if (own !== null) own.betweenEventsCensored.record(silence);
      return;
    }
    const waited = wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0);
    const service = wholeMicrosBetween(this.#sentAt, exchange, this.#now, 0);
    const isFlowing = this.isFlowing(exchange);
    neverFirst(this.#all, waited, service, isFlowing);
    if (own !== null) neverFirst(own, waited, service, isFlowing);
  }

  #hasEvents(exchange: number): boolean {
    return this.#eventAt[exchange]! > this.#sentAt[exchange]!;
  }
}

// All of these take whole microseconds.

function began(series: StreamSeries, waited: number): void {
  series.begun++;
  series.firstByte.record(waited);
}

function first(series: StreamSeries, waited: number, service: number): void {
  series.firstEvent.record(waited);
  series.firstEventService.record(service);
}

/** The first of them is recorded; the others came with it. */
function came(series: StreamSeries, events: number, inWindow: boolean): void {
  for (let more = 1; more < events; more++) series.betweenEvents.record(0);
  series.came(events, inWindow);
}

/** No event came, and no octet either where it was not flowing. */
function neverFirst(
  series: StreamSeries,
  waited: number,
  service: number,
  isFlowing: boolean,
): void {
  if (!isFlowing) series.firstByteCensored.record(waited);
  series.firstEventCensored.record(waited);
  series.firstEventServiceCensored.record(service);
}
