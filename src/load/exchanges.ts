import { wholeMicros, wholeMicrosBetween } from '../latency/counts.js';
import type { Connections } from './connections.js';
import type { Engine } from './engines/engine.js';
import type { RequestErrorKind } from './errors.js';
import type { LoadPlan } from './plan.js';
import type { Recorder } from './recorder.js';
import { RequestMix } from './request-mix.js';
import { arrivalNumber, type Shard } from './shard.js';

/**
 * The requests of one shard, each with what became of it: one at a time on each slot. All accounting
 * of requests is here. The time is the clock's `now`: a number that is passed to a function is an
 * object to V8, one for each request.
 */
export class Exchanges {
  readonly #clock: { readonly now: number };
  readonly #engine: Engine;
  readonly #shard: Shard;
  readonly #connections: Connections;
  readonly #recorder: Recorder;
  readonly #mix: RequestMix;
  /** By slot: when its request should have started. */
  readonly intendedAt: Float64Array;
  readonly sentAt: Float64Array;
  /** When the request that is being told of ended. */
  readonly #end = new Float64Array(1);
  readonly #requestOf: Uint16Array;
  /** The status that each request must be answered with; 0: any. */
  readonly #expectedStatus: Uint16Array;
  /** Requests sent so far, over all phases. */
  #numbered = 0;
  /** When the phase's clock runs out, or has run out. */
  windowEnd = Infinity;

  constructor(
    clock: { readonly now: number },
    engine: Engine,
    { requests, seed }: LoadPlan,
    shard: Shard,
    connections: Connections,
    recorder: Recorder,
  ) {
    this.#clock = clock;
    this.#engine = engine;
    this.#shard = shard;
    this.#connections = connections;
    this.#recorder = recorder;
    this.#mix = new RequestMix(requests, seed + shard.index);
    const { slots } = connections;
    this.intendedAt = new Float64Array(slots);
    this.sentAt = new Float64Array(slots);
    this.#requestOf = new Uint16Array(slots);
    this.#expectedStatus = Uint16Array.from(requests, (r) => r.expect.status ?? 0);
  }

  /** Sends the next request of the mix on an open, idle slot. */
  send(slot: number): void {
    const request = this.#mix.choose();
    this.#requestOf[slot] = request;
    this.sentAt[slot] = this.#clock.now;
    this.#recorder.sending(request);
    this.#connections.setBusy(slot);
    this.#engine.send(slot, request, arrivalNumber(this.#numbered++, this.#shard));
  }

  /** @param bodyMatched false if the scenario expects a text in the body and it is not there */
  answered(slot: number, status: number, bodyMatched: boolean): void {
    const request = this.#requestOf[slot]!;
    this.#recorder.status(request, status);
    const expected = this.#expectedStatus[request]!;
    if (expected !== 0 && status !== expected) this.#refused(slot, 'unexpected-status');
    else if (!bodyMatched) this.#refused(slot, 'unexpected-body');
    else {
      if (status >= 400 && expected === 0) this.#recorder.errorStatus(request, status);
      this.#accepted(slot, request);
    }
  }

  failed(slot: number, kind: RequestErrorKind): void {
    this.#refused(slot, kind);
    if (kind === 'timeout') this.#waitedInVain(slot);
  }

  /**
   * Its connection could not be opened, so it was not sent, and none of the mix was chosen.
   * @param timedOut and it waited for that
   */
  notSent(slot: number, timedOut: boolean): void {
    this.#held(slot);
    if (!timedOut) return;
    this.#recorder.neverSent(wholeMicros(this.#clock.now - this.intendedAt[slot]!));
  }

  /** What is still in flight is not waited for any longer: it takes at least as long as until now. */
  giveUp(): void {
    for (let slot = 0; slot < this.sentAt.length && this.#connections.busy > 0; slot++) {
      if (!this.#connections.isBusy(slot)) continue;
      this.#held(slot);
      this.#waitedInVain(slot);
    }
  }

  #accepted(slot: number, request: number): void {
    const { now } = this.#clock;
    this.#end[0] = now;
    const inWindow = now <= this.windowEnd;
    this.#recorder.response(
      request,
      wholeMicrosBetween(this.intendedAt, slot, this.#end, 0),
      wholeMicrosBetween(this.sentAt, slot, this.#end, 0),
      wholeMicrosBetween(this.intendedAt, slot, this.sentAt, slot),
      inWindow,
    );
    if (!inWindow) this.#recorder.overhang(now - this.windowEnd);
  }

  #refused(slot: number, kind: RequestErrorKind): void {
    this.#recorder.error(this.#requestOf[slot]!, kind);
    this.#held(slot);
  }

  #waitedInVain(slot: number): void {
    this.#end[0] = this.#clock.now;
    this.#recorder.unanswered(
      this.#requestOf[slot]!,
      wholeMicrosBetween(this.intendedAt, slot, this.#end, 0),
      wholeMicrosBetween(this.sentAt, slot, this.#end, 0),
      wholeMicrosBetween(this.intendedAt, slot, this.sentAt, slot),
    );
  }

  /** For so long, of the phase's clock, it held its slot, and leaves no latency that tells. */
  #held(slot: number): void {
    const until = Math.min(this.#clock.now, this.windowEnd);
    this.#recorder.held(Math.max(0, until - this.intendedAt[slot]!));
  }
}
