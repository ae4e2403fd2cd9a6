import { wholeMicros } from '../measure/counts.js';
import type { Connections } from './connections.js';
import type { Recorder } from './recorder.js';

/** Records what was given up at the time that it was waited for: it took at least as long. */
export class WaitsInVain {
  readonly #recorder: Recorder;
  readonly #connections: Connections;
  readonly #intendedAt: Float64Array;
  readonly #sentAt: Float64Array;

  constructor(
    recorder: Recorder,
    connections: Connections,
    intendedAt: Float64Array,
    sentAt: Float64Array,
  ) {
    this.#recorder = recorder;
    this.#connections = connections;
    this.#intendedAt = intendedAt;
    this.#sentAt = sentAt;
  }

  request(slot: number, now: number): void {
    const intended = this.#intendedAt[slot]!;
    const sent = this.#sentAt[slot]!;
    this.#recorder.unanswered(
      wholeMicros(now - intended),
      wholeMicros(now - sent),
      wholeMicros(sent - intended),
    );
  }

  /** All that are still in flight. @param windowEnd of the phase's clock */
  requests(now: number, windowEnd: number): void {
    for (let slot = 0; slot < this.#sentAt.length && this.#connections.busy > 0; slot++) {
      if (!this.#connections.isBusy(slot)) continue;
      this.request(slot, now);
      this.held(slot, now, windowEnd);
    }
  }

  /** For how long, of the phase's clock, a request held its connection that leaves no latency. */
  held(slot: number, now: number, windowEnd: number): void {
    this.#recorder.held(Math.max(0, Math.min(now, windowEnd) - this.#intendedAt[slot]!));
  }

  /** @param forRequest it was opened for one, whose latency it is in */
  handshake(slot: number, now: number, forRequest: boolean): void {
    this.#recorder.neverOpened(wholeMicros(now - this.#connections.since(slot)));
    if (forRequest) this.#recorder.neverSent(wholeMicros(now - this.#intendedAt[slot]!));
  }
}
