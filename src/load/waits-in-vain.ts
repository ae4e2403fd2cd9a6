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

  /** @param from and `to` are the edges of the phase's clock */
  request(slot: number, now: number, from: number, to: number): void {
    const intended = this.#intendedAt[slot]!;
    const sent = this.#sentAt[slot]!;
    this.#recorder.unanswered(
      wholeMicros(now - intended),
      wholeMicros(now - sent),
      wholeMicros(sent - intended),
      wholeMicros(Math.min(now, to) - Math.max(sent, from)),
    );
  }

  /** All that are still in flight. */
  requests(now: number, from: number, to: number): void {
    for (let slot = 0; slot < this.#sentAt.length && this.#connections.busy > 0; slot++) {
      if (this.#connections.isBusy(slot)) this.request(slot, now, from, to);
    }
  }

  /** @param forRequest it was opened for one, whose latency it is in */
  handshake(slot: number, now: number, forRequest: boolean): void {
    this.#recorder.neverOpened(wholeMicros(now - this.#connections.openingSince(slot)));
    if (forRequest) this.#recorder.neverSent(wholeMicros(now - this.#intendedAt[slot]!));
  }
}
