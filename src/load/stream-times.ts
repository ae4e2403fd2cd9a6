import { wholeMicrosBetween } from '../latency/counts.js';
import { isStream, type RequestSpec } from './plan.js';
import type { Recorder } from './recorder.js';

/**
 * When the streams of events of one shard's exchanges were heard of. Nothing is reset between two
 * requests: what is no later than a request's send is of one before it.
 */
export class StreamTimes {
  readonly #clock: { readonly now: number };
  readonly #intendedAt: Float64Array;
  readonly #sentAt: Float64Array;
  readonly #recorder: Recorder;
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
    this.#recorder = recorder;
    this.#heardAt = new Float64Array(sentAt.length);
    this.#eventAt = new Float64Array(sentAt.length);
    this.#isAsked = Uint8Array.from(requests, (request) => (isStream(request) ? 1 : 0));
  }

  /** Octets came, with so many events. */
  heard(exchange: number, events: number, inWindow: boolean): void {
    this.#now[0] = this.#clock.now;
    if (!this.isFlowing(exchange)) {
      this.#recorder.streams.begun++;
      this.#recorder.firstByte.record(wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0));
    }
    this.#heardAt[exchange] = this.#now[0];
    if (events === 0) return;
    if (this.#hasEvents(exchange)) {
      this.#recorder.betweenEvents.record(
        wholeMicrosBetween(this.#eventAt, exchange, this.#now, 0),
      );
    } else {
      this.#recorder.firstEvent.record(
        wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0),
      );
      this.#recorder.firstEventService.record(
        wholeMicrosBetween(this.#sentAt, exchange, this.#now, 0),
      );
    }
    // The others came with it.
    for (let more = 1; more < events; more++) this.#recorder.betweenEvents.record(0);
    this.#eventAt[exchange] = this.#now[0];
    this.#recorder.streams.came(events, inWindow);
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
  ended(exchange: number): void {
    if (!this.isFlowing(exchange) || this.#hasEvents(exchange)) return;
    this.#recorder.streams.withoutEvents++;
  }

  /**
   * It is not waited for any longer.
   * @param timedOut it was silent for too long; otherwise c1m itself ends it, and the next event
   * might have come at any time
   */
  waitedInVain(exchange: number, request: number, timedOut: boolean): void {
    if (this.#isAsked[request] === 0) return;
    this.#now[0] = this.#clock.now;
    const recorder = this.#recorder;
    if (this.#hasEvents(exchange)) {
      if (!timedOut) return;
      const silence = wholeMicrosBetween(this.#eventAt, exchange, this.#now, 0);
      recorder.betweenEventsCensored.record(silence);
      return;
    }
    const waited = wholeMicrosBetween(this.#intendedAt, exchange, this.#now, 0);
    if (!this.isFlowing(exchange)) recorder.firstByteCensored.record(waited);
    recorder.firstEventCensored.record(waited);
    recorder.firstEventServiceCensored.record(
      wholeMicrosBetween(this.#sentAt, exchange, this.#now, 0),
    );
  }

  #hasEvents(exchange: number): boolean {
    return this.#eventAt[exchange]! > this.#sentAt[exchange]!;
  }
}
