import { wholeMicros } from '../../latency/counts.js';
import type { Connections } from '../connections.js';
import type { Schedule } from '../schedule.js';
import { arrivalNumber, arrivalsOf, type Shard } from '../shard.js';
import type { NotSent, SendRecorder, Starter, Workload } from './workload.js';

/**
 * Requests start when the schedule says, whatever the server does. One that finds no free connection
 * waits, and its latency runs from when it should have started: nothing is omitted because the
 * server was slow. The queue of those that wait is a single number, since they are due in order.
 */
export class OpenWorkload implements Workload {
  readonly planned: number;
  readonly #connections: Connections;
  readonly #starter: Starter;
  readonly #shard: Shard;
  readonly #schedule: Schedule;
  readonly #deadlineMicros: number;
  readonly #recorder: SendRecorder;
  #zero = 0;
  #next = 0;
  #nextDue: number;
  #shed = 0;
  #unsent = 0;
  /** When those should have started that start anew. */
  readonly #again: number[] = [];
  /** Requests are late because no connection is free, which is not the generator's doing. */
  starved = false;

  constructor(
    connections: Connections,
    starter: Starter,
    shard: Shard,
    schedule: Schedule,
    deadlineMicros: number | null,
    recorder: SendRecorder,
  ) {
    this.#connections = connections;
    this.#starter = starter;
    this.#shard = shard;
    this.#schedule = schedule;
    this.#deadlineMicros = deadlineMicros ?? Infinity;
    this.#recorder = recorder;
    this.planned = arrivalsOf(schedule.planned, shard);
    this.#nextDue = this.#dueAt(0);
  }

  get exhausted(): boolean {
    return this.#next === this.planned && this.#again.length === 0;
  }

  get notSent(): NotSent {
    return {
      shed: this.#shed,
      unsent: this.#unsent + this.#again.length + this.planned - this.#next,
    };
  }

  begin(now: number): void {
    this.#zero = now;
  }

  ready(exchange: number): void {
    this.#connections.pushFree(exchange);
    this.pump();
  }

  pump(): number {
    if (this.#again.length > 0 && !this.#startAgain()) return Infinity;
    const elapsed = this.#starter.now - this.#zero;
    while (this.#nextDue <= elapsed) {
      const due = this.#nextDue;
      if (elapsed - due > this.#deadlineMicros) {
        this.#shed++;
        this.#recorder.neverSent(wholeMicros(elapsed - due));
        this.#advance();
        continue;
      }
      const exchange = this.#connections.shiftFree();
      if (exchange < 0) {
        this.starved = true;
        return Infinity;
      }
      if (!this.starved) this.#recorder.pacingLag.record(wholeMicros(elapsed - due));
      this.#advance();
      this.#starter.intendedAt[exchange] = this.#zero + due;
      this.#starter.start(exchange);
    }
    this.starved = false;
    return this.#zero + this.#nextDue;
  }

  returned(): void {
    this.#unsent++;
  }

  again(exchange: number): void {
    this.#again.push(this.#starter.intendedAt[exchange]!);
  }

  /** Those that waited for a free connection; what c1m itself was late with is not the server's. */
  end(now: number): void {
    if (!this.starved) return;
    const elapsed = now - this.#zero;
    for (const at of this.#again) this.#recorder.neverSent(wholeMicros(now - at));
    for (let n = this.#next, due = this.#nextDue; due <= elapsed; due = this.#dueAt(++n)) {
      this.#recorder.neverSent(wholeMicros(elapsed - due));
    }
  }

  /** They are due before all others. Returns whether there were connections for them. */
  #startAgain(): boolean {
    while (this.#again.length > 0) {
      const exchange = this.#connections.shiftFree();
      if (exchange < 0) {
        this.starved = true;
        return false;
      }
      this.#starter.intendedAt[exchange] = this.#again.shift()!;
      this.#starter.start(exchange);
    }
    return true;
  }

  #advance(): void {
    this.#nextDue = this.#dueAt(++this.#next);
  }

  #dueAt(n: number): number {
    return n < this.planned ? this.#schedule.dueAt(arrivalNumber(n, this.#shard)) : Infinity;
  }
}
