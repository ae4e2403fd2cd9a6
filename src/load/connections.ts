import type { Engine } from './engines/engine.js';

const closed = 0;
const opening = 1;
const idle = 2;
const busy = 3;

const firstRetryMicros = 10_000;
const longestRetryMicros = 1_000_000;

const retryScanMicros = 5_000;
/** What a rate of opening may make up for when the thread was held up. */
const longestOpenBurstMicros = 10_000;

/**
 * The connections of one shard, as a state per slot in typed arrays. Slots below `wanted` are kept
 * open: opened in order with a bounded number of handshakes under way, reopened when they are lost,
 * after a pause that doubles with each failure in a row. Slots from `wanted` on are closed as soon as
 * they are idle. Without keep-alive a slot is free while it is closed and opened for each request.
 */
export class Connections {
  readonly #engine: Engine;
  readonly #slots: number;
  /** Below the listen backlog, so that a burst of SYNs is not dropped and retried after a second. */
  readonly #openLimit: number;
  readonly #keepAlive: boolean;
  readonly #state: Uint8Array;
  readonly #failures: Uint8Array;
  /** Of an opening slot, when the handshake began; of a failed one, when it may be tried again. */
  readonly #at: Float64Array;
  /** Idle slots, longest idle first; a slot that has left the state meanwhile is skipped. */
  readonly #idle: SlotQueue;
  readonly #toOpen: SlotQueue;
  /** Slots that failed, and pause. */
  readonly #paused: SlotQueue;
  readonly #betweenOpensMicros: number;
  #nextOpenAt = 0;
  /** Slots below have been opened once. */
  #begun = 0;
  #most: number;
  #nextRetryScan = 0;
  #wanted = 0;

  established = 0;
  opening = 0;
  busy = 0;
  /** Handshakes that were tried and failed, per slot once until it succeeds. */
  failing = 0;

  /** @param openRate handshakes begun per second at the most; without it, as `openLimit` allows */
  constructor(
    engine: Engine,
    slots: number,
    openLimit: number,
    openRate: number | null,
    keepAlive: boolean,
  ) {
    this.#betweenOpensMicros = openRate === null ? 0 : 1e6 / openRate;
    this.#engine = engine;
    this.#slots = slots;
    this.#most = slots;
    this.#openLimit = openLimit;
    this.#keepAlive = keepAlive;
    this.#state = new Uint8Array(slots);
    this.#failures = new Uint8Array(slots);
    this.#at = new Float64Array(slots);
    this.#idle = new SlotQueue(slots);
    this.#toOpen = new SlotQueue(slots);
    this.#paused = new SlotQueue(slots);
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Every wanted slot has been opened, or has failed at least once. */
  get settled(): boolean {
    if (!this.#keepAlive) return true;
    return this.opening === 0 && this.established + this.failing >= this.#wanted;
  }

  /** Sets how many slots are kept open; what is above and idle is closed at once. */
  want(wanted: number): void {
    const before = this.#wanted;
    this.#wanted = Math.min(wanted, this.#most);
    for (let slot = before; slot < this.#wanted; slot++) this.#release(slot);
    for (let slot = this.#wanted; slot < before; slot++) {
      if (this.#state[slot] !== busy) this.close(slot);
      this.#forgive(slot);
    }
  }

  /** Puts the idle slots in the queue that a phase begins with: those that it loads, and no others. */
  requeueIdle(loaded: (slot: number) => boolean): void {
    while (this.#idle.shift() >= 0);
    for (let slot = 0; slot < this.#wanted; slot++) {
      if (this.#isFree(slot) && loaded(slot)) this.#idle.push(slot);
    }
  }

  /** Never opens a slot beyond those that have been opened so far. */
  stopOpening(): void {
    this.#most = this.#begun;
    this.want(this.#wanted);
  }

  isWanted(slot: number): boolean {
    return slot < this.#wanted;
  }

  /**
   * Starts handshakes that are due, as far as the limit allows.
   * @param retry also those that failed before and have paused since
   * @param most handshakes that may be under way
   */
  openDue(now: number, retry: boolean, most = this.#openLimit): void {
    if (retry && this.#paused.size > 0 && now >= this.#nextRetryScan) this.#retryDue(now);
    this.#nextOpenAt = Math.max(this.#nextOpenAt, now - longestOpenBurstMicros);
    while (this.opening < most && this.#nextOpenAt <= now) {
      const slot = this.#toOpen.shift();
      if (slot < 0) return;
      if (this.#state[slot] !== closed || slot >= this.#wanted) continue;
      this.#nextOpenAt += this.#betweenOpensMicros;
      this.open(slot, now);
    }
  }

  open(slot: number, now: number): void {
    this.#state[slot] = opening;
    this.#at[slot] = now;
    if (slot >= this.#begun) this.#begun = slot + 1;
    this.opening++;
    this.#engine.open(slot);
  }

  /** Notes a finished handshake and returns how long it took, in microseconds. */
  opened(slot: number, now: number): number {
    this.#forgive(slot);
    this.#state[slot] = idle;
    this.opening--;
    this.established++;
    return now - this.#at[slot]!;
  }

  openFailed(slot: number, now: number): void {
    this.#state[slot] = closed;
    this.opening--;
    this.#pause(slot, now);
  }

  /** The first request of a connection failed, which is as good as a failed handshake. */
  touchFailed(slot: number, now: number): void {
    this.#state[slot] = closed;
    this.busy--;
    this.established--;
    this.#pause(slot, now);
  }

  /** The engine says that this slot's connection is gone; it is opened again if it is wanted. */
  gone(slot: number): void {
    if (this.#state[slot] === busy) this.busy--;
    this.established--;
    this.#state[slot] = closed;
    this.#release(slot);
  }

  close(slot: number): void {
    if (this.#state[slot] === closed) return;
    this.#engine.close(slot);
    if (this.#state[slot] === opening) this.opening--;
    else this.established--;
    if (this.#state[slot] === busy) this.busy--;
    this.#state[slot] = closed;
    this.#release(slot);
  }

  /** Gives up every handshake that is under way, calling back for each. */
  abandonOpening(each: () => void): void {
    for (let slot = 0; slot < this.#slots && this.opening > 0; slot++) {
      if (this.#state[slot] !== opening) continue;
      this.close(slot);
      each();
    }
  }

  /** Puts a slot at the end of those waiting for a request. */
  pushIdle(slot: number): void {
    this.#idle.push(slot);
  }

  /** Takes the slot that has been idle for the longest, or −1. */
  shiftIdle(): number {
    for (;;) {
      const slot = this.#idle.shift();
      if (slot < 0 || this.#isFree(slot)) return slot;
    }
  }

  setBusy(slot: number): void {
    this.#state[slot] = busy;
    this.busy++;
  }

  setIdle(slot: number): void {
    this.#state[slot] = idle;
    this.busy--;
  }

  isBusy(slot: number): boolean {
    return this.#state[slot] === busy;
  }

  isOpening(slot: number): boolean {
    return this.#state[slot] === opening;
  }

  openingSince(slot: number): number {
    return this.#at[slot]!;
  }

  #retryDue(now: number): void {
    this.#nextRetryScan = now + retryScanMicros;
    for (let left = this.#paused.size; left > 0; left--) {
      const slot = this.#paused.shift();
      if (this.#failures[slot] === 0 || this.#state[slot] !== closed) continue;
      if (this.#at[slot]! <= now) this.#release(slot);
      else this.#paused.push(slot);
    }
  }

  /** A closed slot goes where it is needed next: to be opened, or straight to the free ones. */
  #release(slot: number): void {
    if (slot >= this.#wanted || this.#state[slot] !== closed) return;
    if (this.#keepAlive) this.#toOpen.push(slot);
    else this.#idle.push(slot);
  }

  #isFree(slot: number): boolean {
    if (slot >= this.#wanted) return false;
    return this.#state[slot] === (this.#keepAlive ? idle : closed);
  }

  #pause(slot: number, now: number): void {
    if (this.#failures[slot] === 0) this.failing++;
    this.#failures[slot] = Math.min(this.#failures[slot]! + 1, 255);
    const pause = firstRetryMicros * 2 ** Math.min(this.#failures[slot] - 1, 20);
    this.#at[slot] = now + Math.min(pause, longestRetryMicros);
    this.#paused.push(slot);
  }

  #forgive(slot: number): void {
    if (this.#failures[slot] === 0) return;
    this.#failures[slot] = 0;
    this.failing--;
  }
}

/** A ring of slots, each in it at most once. */
class SlotQueue {
  size = 0;
  readonly #ring: Int32Array;
  readonly #queued: Uint8Array;
  #head = 0;

  constructor(slots: number) {
    this.#ring = new Int32Array(slots);
    this.#queued = new Uint8Array(slots);
  }

  push(slot: number): void {
    if (this.#queued[slot] === 1) return;
    this.#queued[slot] = 1;
    let tail = this.#head + this.size++;
    if (tail >= this.#ring.length) tail -= this.#ring.length;
    this.#ring[tail] = slot;
  }

  shift(): number {
    if (this.size === 0) return -1;
    const slot = this.#ring[this.#head]!;
    this.#head = this.#head + 1 === this.#ring.length ? 0 : this.#head + 1;
    this.size--;
    this.#queued[slot] = 0;
    return slot;
  }
}
