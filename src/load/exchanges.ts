import { wholeMicros, wholeMicrosBetween } from '../latency/counts.js';
import type { Engine } from './engine.js';
import type { RequestErrorKind } from './errors.js';
import type { ExchangeNumbers } from './exchange-numbers.js';
import { asksForStreams, type LoadPlan } from './plan.js';
import type { Recorder } from './recorder.js';
import { RequestMix } from './request-mix.js';
import { alone, arrivalNumber, type Shard } from './shard.js';
import { StreamTimes } from './stream-times.js';
import type { UnderWay } from './under-way.js';

/**
 * The exchanges of one shard: requests, each with what became of it, one after the other by the same
 * number. All accounting of requests is here. The time is the clock's `now`: a number that is passed
 * to a function is an object to V8, one for each request.
 */
export class Exchanges {
  readonly #clock: { readonly now: number };
  readonly #engine: Engine;
  readonly #shard: Shard;
  readonly #underWay: UnderWay;
  readonly #recorder: Recorder;
  readonly #mix: RequestMix;
  /** By exchange: when its request should have started. */
  readonly intendedAt: Float64Array;
  readonly sentAt: Float64Array;
  /** null: no request asks for a stream of events. */
  readonly streams: StreamTimes | null;
  /** When the request that is being told of ended. */
  readonly #end = new Float64Array(1);
  readonly #requestOf: Uint16Array;
  /** The status that each request must be answered with; 0: any. */
  readonly #expectedStatus: Uint16Array;
  /** What has ended has gone out, and is not answered. */
  readonly #isFanOut: boolean;
  /** Requests sent so far, over all phases. */
  #numbered = 0;
  /** By exchange: the number of its request; null: no server can say that it did nothing for one. */
  readonly #numberOf: Float64Array | null;
  /** What the server did nothing for, and that is sent again as it was. */
  readonly #returned: { readonly request: number; readonly number: number }[] = [];
  /** When the phase's clock runs out, or has run out. */
  windowEnd = Infinity;

  constructor(
    clock: { readonly now: number },
    engine: Engine,
    { requests, seed, fanOut, http2 }: LoadPlan,
    shard: Shard,
    numbers: ExchangeNumbers,
    underWay: UnderWay,
    recorder: Recorder,
  ) {
    this.#clock = clock;
    this.#engine = engine;
    this.#isFanOut = fanOut !== null;
    this.#shard = this.#isFanOut ? alone : shard;
    this.#underWay = underWay;
    this.#recorder = recorder;
    this.#mix = new RequestMix(requests, seed + shard.index);
    this.intendedAt = new Float64Array(numbers.count);
    this.sentAt = new Float64Array(numbers.count);
    const { intendedAt, sentAt } = this;
    this.streams = asksForStreams({ requests })
      ? new StreamTimes(clock, requests, intendedAt, sentAt, recorder)
      : null;
    this.#requestOf = new Uint16Array(numbers.count);
    this.#numberOf = http2 ? new Float64Array(numbers.count) : null;
    this.#expectedStatus = Uint16Array.from(requests, (r) => r.expect.status ?? 0);
  }

  /** A phase begins: what was returned in one before it is not sent any more. */
  forgetReturned(): void {
    this.#returned.length = 0;
  }

  /** The next is number `first`, and so on. */
  numberFrom(first: number): void {
    this.#numbered = first;
  }

  /**
   * Sends the next request of the mix as a free exchange of an open connection; before all others,
   * what was returned.
   */
  send(exchange: number): void {
    if (this.#returned.length > 0) {
      const { request, number } = this.#returned.shift()!;
      this.#sendAs(exchange, request, number);
      return;
    }
    this.#sendAs(exchange, this.#mix.choose(), arrivalNumber(this.#numbered++, this.#shard));
  }

  #sendAs(exchange: number, request: number, number: number): void {
    this.#requestOf[exchange] = request;
    this.sentAt[exchange] = this.#clock.now;
    this.#recorder.sending(request);
    this.#underWay.began(exchange);
    if (this.#numberOf !== null) this.#numberOf[exchange] = number;
    this.#engine.send(exchange, request, number);
  }

  /** Octets of a stream came, with so many events. */
  streamed(exchange: number, events: number): void {
    const request = this.#requestOf[exchange]!;
    this.streams!.heard(exchange, request, events, this.#clock.now <= this.windowEnd);
  }

  /** @param bodyMatched false if the scenario expects a text in the body and it is not there */
  answered(exchange: number, status: number, bodyMatched: boolean): void {
    this.#underWay.ended(exchange);
    const request = this.#requestOf[exchange]!;
    if (this.streams !== null) this.streams.ended(exchange, request);
    // A message has none.
    if (status !== 0) this.#recorder.status(request, status);
    const expected = this.#expectedStatus[request]!;
    if (expected !== 0 && status !== expected) this.#refused(exchange, 'unexpected-status');
    else if (!bodyMatched) this.#refused(exchange, 'unexpected-body');
    else {
      if (status >= 400 && expected === 0) this.#recorder.errorStatus(request, status);
      this.#accepted(exchange, request);
    }
  }

  failed(exchange: number, kind: RequestErrorKind): void {
    this.#underWay.ended(exchange);
    this.#refused(exchange, kind);
    if (kind === 'timeout') this.#waitedInVain(exchange, true);
  }

  /** A stream that goes on is not waited for any longer, since the phase is over. */
  cut(exchange: number): void {
    this.#underWay.ended(exchange);
    this.#recorder.cut++;
    this.#held(exchange);
    this.#waitedInVain(exchange, false);
  }

  /** The server did nothing for it, and says so: it was not sent. */
  returned(exchange: number): void {
    this.#underWay.ended(exchange);
    const request = this.#requestOf[exchange]!;
    this.#recorder.unsent(request);
    if (this.#numberOf !== null) {
      this.#returned.push({ request, number: this.#numberOf[exchange]! });
    }
  }

  /**
   * Its connection could not be opened, so it was not sent, and none of the mix was chosen.
   * @param timedOut and it waited for that
   */
  notSent(exchange: number, timedOut: boolean): void {
    this.#held(exchange);
    if (!timedOut) return;
    this.#recorder.neverSent(wholeMicros(this.#clock.now - this.intendedAt[exchange]!));
  }

  /** What is still in flight is not waited for any longer: it takes at least as long as until now. */
  giveUp(): void {
    for (let exchange = 0; exchange < this.sentAt.length && this.#underWay.count > 0; exchange++) {
      if (!this.#underWay.isBusy(exchange)) continue;
      this.#held(exchange);
      this.#waitedInVain(exchange, false);
    }
  }

  #accepted(exchange: number, request: number): void {
    const { now } = this.#clock;
    this.#end[0] = now;
    const inWindow = now <= this.windowEnd;
    if (this.#isFanOut) {
      const sendDelay = wholeMicrosBetween(this.intendedAt, exchange, this.sentAt, exchange);
      this.#recorder.published(request, sendDelay, inWindow);
      return;
    }
    this.#recorder.response(
      request,
      wholeMicrosBetween(this.intendedAt, exchange, this.#end, 0),
      wholeMicrosBetween(this.sentAt, exchange, this.#end, 0),
      wholeMicrosBetween(this.intendedAt, exchange, this.sentAt, exchange),
      inWindow,
    );
    if (!inWindow) this.#recorder.overhang(now - this.windowEnd);
  }

  #refused(exchange: number, kind: RequestErrorKind): void {
    this.#recorder.error(this.#requestOf[exchange]!, kind);
    this.#held(exchange);
  }

  /** @param timedOut the server was silent for too long; otherwise c1m ends it for reasons of its own */
  #waitedInVain(exchange: number, timedOut: boolean): void {
    const request = this.#requestOf[exchange]!;
    this.streams?.waitedInVain(exchange, request, timedOut);
    this.#end[0] = this.#clock.now;
    this.#recorder.unanswered(
      request,
      wholeMicrosBetween(this.intendedAt, exchange, this.#end, 0),
      wholeMicrosBetween(this.sentAt, exchange, this.#end, 0),
      wholeMicrosBetween(this.intendedAt, exchange, this.sentAt, exchange),
    );
  }

  /** For so long, of the phase's clock, it held its connection, and leaves no latency that tells. */
  #held(exchange: number): void {
    const until = Math.min(this.#clock.now, this.windowEnd);
    this.#recorder.held(Math.max(0, until - this.intendedAt[exchange]!));
  }
}
