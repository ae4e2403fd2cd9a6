import type { Connections } from './connections.js';
import type { Progress } from './messages.js';
import type { Interval, Recorder } from './recorder.js';

const intervalMicros = 1_000_000;
const progressMicros = 200_000;

/** Who is told of a shard, while it works. */
export interface Told {
  progress(progress: Progress): void;
  /** @param whole false for what is left when the phase ends, which is no second */
  interval(second: number, interval: Interval, whole: boolean): void;
}

/** Gives an account of a shard while it works: how far it is, and what each second held. */
export class ShardAccount {
  readonly #told: Told;
  readonly #recorder: Recorder;
  readonly #connections: Connections;
  #zero = Infinity;
  #second = 0;
  #nextProgressAt = 0;
  /** When the second ends, in microseconds of `nowMicros()`. */
  nextIntervalAt = Infinity;

  constructor(told: Told, recorder: Recorder, connections: Connections) {
    this.#told = told;
    this.#recorder = recorder;
    this.#connections = connections;
  }

  /** The phase's clock starts. */
  begin(zero: number): void {
    this.#zero = zero;
    this.#second = 0;
    this.nextIntervalAt = zero + intervalMicros;
  }

  /** @param whole as above */
  closeInterval(now: number, recorded: boolean, whole: boolean): void {
    if (recorded) this.#told.interval(this.#second, this.#recorder.takeInterval(), whole);
    this.#second = Math.max(this.#second, Math.floor((now - this.#zero) / intervalMicros));
    this.nextIntervalAt = this.#zero + (this.#second + 1) * intervalMicros;
  }

  progressDue(now: number): void {
    if (now >= this.#nextProgressAt) this.progress(now);
  }

  progress(now: number): void {
    this.#nextProgressAt = now + progressMicros;
    this.#told.progress({
      established: this.#connections.established,
      wanted: this.#connections.wanted,
      sent: this.#recorder.sent,
      responses: this.#recorder.responses,
      errors: { ...this.#recorder.errors(), ...this.#recorder.connectErrors() },
    });
  }
}
