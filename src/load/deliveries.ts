import { wholeMicros } from '../latency/counts.js';
import type { LoadPlan, Phase } from './plan.js';
import type { Recorder } from './recorder.js';
import { createSchedule, type Schedule } from './schedule.js';
import { shareOf, type Shard } from './shard.js';

/** Of the messages just before the last one, those that may still come: a bit for each. */
const windowBits = 31;

/** What of a fan-out's messages came to a shard's receivers in one phase. */
export interface DeliveryTally {
  readonly receivers: number;
  /** In time, each message once on each connection. */
  readonly delivered: number;
  readonly deliveredInWindow: number;
  /** Came on a connection that had it already. */
  readonly duplicates: number;
  /** How long each was waited for, in microseconds. */
  readonly timeoutMicros: number;
}

/** Which connection publishes: the first of the first shard; all others receive. */
export function publishes(connection: number, shard: Shard): boolean {
  return shard.index === 0 && connection === 0;
}

/**
 * Deliveries of a fan-out to the receivers of one shard. When a message should have been published is
 * a pure function of its number, so publisher and receivers need not be in one thread: there is one
 * clock. A server may send messages in another order; one that comes more than 31 messages late is
 * taken for a duplicate.
 */
export class Deliveries {
  readonly #clock: { readonly now: number };
  readonly #shard: Shard;
  readonly #schedule: Schedule;
  readonly #recorder: Recorder;
  readonly #timeoutMicros: number;
  readonly #receivers: number;
  readonly #expected: number;
  /** By connection: the highest number that came, and which of those before. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;
  #zero = Infinity;
  #windowEnd = Infinity;
  #delivered = 0;
  #deliveredInWindow = 0;
  #late = 0;
  #duplicates = 0;

  /** @param slots connections of the shard */
  constructor(
    clock: { readonly now: number },
    { timeoutMicros }: Pick<LoadPlan, 'timeoutMicros'>,
    { arrival, durationMicros, requests, connections }: Phase,
    shard: Shard,
    slots: number,
    recorder: Recorder,
  ) {
    const rate = arrival.kind === 'open' ? arrival.ratePerSecond : { from: 0, to: 0 };
    this.#clock = clock;
    this.#shard = shard;
    this.#recorder = recorder;
    this.#timeoutMicros = timeoutMicros;
    this.#schedule = createSchedule(rate, durationMicros, requests === 'each' ? null : requests);
    const own = shareOf(Math.round(connections.to), shard);
    this.#receivers = shard.index === 0 ? own - 1 : own;
    this.#expected = this.#schedule.planned * this.#receivers;
    this.#last = new Int32Array(slots).fill(-1);
    this.#before = new Int32Array(slots);
  }

  /** The phase's clock starts. */
  begin(at: number, durationMicros: number | null): void {
    this.#zero = at;
    this.#windowEnd = at + (durationMicros ?? Infinity);
  }

  /** A message came to its last octet. @returns whether it counts as a delivery */
  heard(connection: number, message: number): boolean {
    const { now } = this.#clock;
    if (publishes(connection, this.#shard) || message >= this.#schedule.planned) return false;
    if (!this.#isNew(connection, message)) {
      this.#duplicates++;
      return false;
    }
    const latency = now - this.#zero - this.#schedule.dueAt(message);
    if (latency > this.#timeoutMicros) {
      this.#late++;
      return false;
    }
    this.#delivered++;
    if (now <= this.#windowEnd) this.#deliveredInWindow++;
    this.#recorder.delivered(wholeMicros(latency));
    return true;
  }

  /** Some may still come in time. */
  areAwaited(now: number): boolean {
    if (this.#delivered + this.#late >= this.#expected) return false;
    const last = this.#schedule.dueAt(this.#schedule.planned - 1);
    return now < this.#zero + last + this.#timeoutMicros;
  }

  get tally(): DeliveryTally {
    return {
      receivers: this.#receivers,
      delivered: this.#delivered,
      deliveredInWindow: this.#deliveredInWindow,
      duplicates: this.#duplicates,
      timeoutMicros: this.#timeoutMicros,
    };
  }

  #isNew(connection: number, message: number): boolean {
    const last = this.#last[connection]!;
    const before = this.#before[connection]!;
    if (message > last) {
      const ahead = message - last;
      // Bit k: the message k + 1 before the last.
      const seen = last < 0 || ahead > windowBits ? 0 : (before << ahead) | (1 << (ahead - 1));
      this.#before[connection] = seen;
      this.#last[connection] = message;
      return true;
    }
    const behind = last - message;
    if (behind === 0 || behind > windowBits) return false;
    const bit = 1 << (behind - 1);
    if ((before & bit) !== 0) return false;
    this.#before[connection] = before | bit;
    return true;
  }
}
