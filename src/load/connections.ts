import type { Engine } from './engine.js';
import { SlotQueue } from './slot-queue.js';

const closed = 0;
const opening = 1;
const idle = 2;
const busy = 3;
/** It failed to open, or did not last, and is not tried again before its pause is over. */
const paused = 4;

const firstRetryMicros = 10_000;
const longestRetryMicros = 1_000_000;

const retryScanMicros = 5_000;
/** While a request waits for a connection, one paused slot is tried in each of these. */
export const hurryMicros = 1_000;
/** A connection that the server ended sooner, it did not mean to keep. */
const shortLivedMicros = 1_000_000;
/** What a rate of opening may make up for when the thread was held up. */
const longestOpenBurstMicros = 10_000;

/**
 * The connections of one shard, as a state per slot in typed arrays. Slots below `wanted` are kept
 * open: opened in order with a bounded number of handshakes under way, reopened when they are lost.
 * One that fails is tried again at once, and then after pauses that double with each failure in a
 * row, until the connection answers. Slots from `wanted` on are closed as soon as they are idle.
 * Without keep-alive a slot is free while it is closed and opened for each request.
 */
export class Connections {
  readonly #engine: Engine;
  readonly slots: number;
  /** Below the listen backlog, so that a burst of SYNs is not dropped and retried after a second. */
  readonly #openLimit: number;
  readonly #keepAlive: boolean;
  readonly #state: Uint8Array;
  /** In a row, since it last answered. */
  readonly #failures: Uint8Array;
  /** 1: this connection has answered a request. */
  readonly #served: Uint8Array;
  /** 1: the slot has been open, so that one that is not is being replaced. */
  readonly #hasBeenOpen: Uint8Array;
  /**
   * Of an opening slot, when the handshake began; of an open one, when it was opened or first
   * answered; of a paused one, when it may be tried again.
   */
  readonly #at: Float64Array;
  /** Idle slots, longest idle first; a slot that has left the state meanwhile is skipped. */
  readonly #idle: SlotQueue;
  readonly #toOpen: SlotQueue;
  readonly #paused: SlotQueue;
  readonly #betweenOpensMicros: number;
  #nextOpenAt = 0;
  #nextRetryScan = 0;
  #nextHurryAt = 0;
  /** Slots below have been opened once. */
  #begun = 0;
  #most: number;
  #wanted = 0;
  /** Sum over the slots of the time for which they could be used, and until when it is counted. */
  #usableMicros = 0;
  #countedUntil = 0;

  established = 0;
  opening = 0;
  busy = 0;
  /** Slots that failed, and pause. */
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
    this.slots = slots;
    this.#most = slots;
    this.#openLimit = openLimit;
    this.#keepAlive = keepAlive;
    this.#state = new Uint8Array(slots);
    this.#failures = new Uint8Array(slots);
    this.#served = new Uint8Array(slots);
    this.#hasBeenOpen = new Uint8Array(slots);
    this.#at = new Float64Array(slots);
    this.#idle = new SlotQueue(slots);
    this.#toOpen = new SlotQueue(slots);
    this.#paused = new SlotQueue(slots);
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Every wanted slot is open, or has failed. */
  get settled(): boolean {
    if (!this.#keepAlive) return true;
    return this.opening === 0 && this.established + this.failing >= this.#wanted;
  }

  /** Calls back for each wanted slot that could not be opened, or be kept open. */
  eachMissing(now: number, each: (slot: number) => void): void {
    if (!this.#keepAlive) return;
    for (let slot = 0; slot < this.#wanted; slot++) {
      if (this.#isMissing(slot, now)) each(slot);
    }
  }

  /**
   * Not one that is being replaced in the ordinary way: after an answer that ended the connection, a
   * timeout, or a first failure. But one that was opened just now, as often before in vain, is.
   */
  #isMissing(slot: number, now: number): boolean {
    const fails = this.#failures[slot]! >= 2;
    if (this.#isOpen(slot)) return fails && this.isShortLived(slot, now);
    return this.#state[slot] === paused || fails || this.#hasBeenOpen[slot] === 0;
  }

  /** Sets how many slots are kept open; what is above and idle is closed at once. */
  want(wanted: number, now: number): void {
    this.#count(now);
    const before = this.#wanted;
    this.#wanted = Math.min(wanted, this.#most);
    for (let slot = before; slot < this.#wanted; slot++) this.#release(slot);
    for (let slot = this.#wanted; slot < before; slot++) {
      if (this.#state[slot] === paused) this.#resume(slot);
      else if (this.#state[slot] !== busy) this.close(slot, now);
      this.#failures[slot] = 0;
    }
  }

  /** Ends all pauses. */
  resumeAll(now: number): void {
    this.#count(now);
    for (let slot; (slot = this.#paused.shift()) >= 0;) {
      if (this.#state[slot] === paused) this.#resume(slot);
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
  stopOpening(now: number): void {
    this.#most = this.#begun;
    this.want(this.#wanted, now);
  }

  isWanted(slot: number): boolean {
    return slot < this.#wanted;
  }

  /** The clock of a phase starts: from here on it is counted for how long slots are of use. */
  startClock(now: number): void {
    this.#usableMicros = 0;
    this.#countedUntil = now;
  }

  /**
   * Microseconds of all slots together since the clock started: for which they were open, or,
   * without keep-alive, did not pause.
   */
  usableMicros(now: number): number {
    this.#count(now);
    return this.#usableMicros;
  }

  /**
   * Starts handshakes that are due, as far as the limit allows.
   * @param most handshakes that may be under way
   */
  openDue(now: number, most = this.#openLimit): void {
    this.#nextOpenAt = Math.max(this.#nextOpenAt, now - longestOpenBurstMicros);
    while (this.opening < most && this.#nextOpenAt <= now) {
      const slot = this.#toOpen.shift();
      if (slot < 0) return;
      if (this.#state[slot] !== closed || slot >= this.#wanted) continue;
      this.#nextOpenAt += this.#betweenOpensMicros;
      this.open(slot, now);
    }
  }

  /**
   * Lets slots that paused be tried again.
   * @param hurry a request waits for a connection, which shortens the pauses
   */
  retryDue(now: number, hurry: boolean): void {
    if (this.#paused.size === 0) return;
    if (now >= this.#nextRetryScan) this.#endPauses(now);
    if (!hurry || now < this.#nextHurryAt) return;
    this.#nextHurryAt = now + hurryMicros;
    for (let slot; (slot = this.#paused.shift()) >= 0;) {
      if (this.#state[slot] !== paused) continue;
      this.#resume(slot);
      return;
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
    this.#count(now);
    const micros = now - this.#at[slot]!;
    this.#state[slot] = idle;
    this.#at[slot] = now;
    this.#served[slot] = 0;
    this.#hasBeenOpen[slot] = 1;
    this.opening--;
    this.established++;
    return micros;
  }

  /** @param again whether it may be tried again at once, or has had its try for now */
  openFailed(slot: number, now: number, again: boolean): void {
    this.#count(now);
    this.#state[slot] = closed;
    this.opening--;
    this.#fail(slot, now, again);
  }

  /** The connection is gone, in the ordinary way; it is opened again if it is wanted. */
  gone(slot: number, now: number): void {
    this.#leave(slot, now);
    this.#release(slot);
  }

  /** The connection is gone, although it should have lasted. @param again as above */
  failed(slot: number, now: number, again: boolean): void {
    this.#leave(slot, now);
    this.#fail(slot, now, again);
  }

  close(slot: number, now: number): void {
    const state = this.#state[slot];
    if (state === closed || state === paused) return;
    this.#engine.close(slot);
    if (state === opening) {
      this.opening--;
      this.#state[slot] = closed;
    } else this.#leave(slot, now);
    this.#release(slot);
  }

  /** Gives up every handshake that is under way, calling back for each. */
  abandonOpening(now: number, each: () => void): void {
    for (let slot = 0; slot < this.slots && this.opening > 0; slot++) {
      if (this.#state[slot] !== opening) continue;
      this.close(slot, now);
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

  /** Answered, and ready for the next request. */
  setIdle(slot: number): void {
    this.#state[slot] = idle;
    this.busy--;
  }

  /** The connection answers. @param forgive whether that ends its row of failures */
  setServed(slot: number, now: number, forgive: boolean): void {
    this.#served[slot] = 1;
    this.#at[slot] = now;
    if (forgive) this.#failures[slot] = 0;
  }

  hasServed(slot: number): boolean {
    return this.#served[slot] === 1;
  }

  isBusy(slot: number): boolean {
    return this.#state[slot] === busy;
  }

  isOpening(slot: number): boolean {
    return this.#state[slot] === opening;
  }

  /** One that ends so soon was not meant to be kept. */
  isShortLived(slot: number, now: number): boolean {
    return now - this.#at[slot]! < shortLivedMicros;
  }

  /** When the handshake of an opening slot began; when an open one was opened, or first answered. */
  since(slot: number): number {
    return this.#at[slot]!;
  }

  /** Lets those go whose pause is over. */
  #endPauses(now: number): void {
    this.#nextRetryScan = now + retryScanMicros;
    for (let left = this.#paused.size; left > 0; left--) {
      const slot = this.#paused.shift();
      if (this.#state[slot] !== paused) continue;
      if (this.#at[slot]! <= now) this.#resume(slot);
      else this.#paused.push(slot);
    }
  }

  #resume(slot: number): void {
    this.#state[slot] = closed;
    this.failing--;
    this.#release(slot);
  }

  /** A closed slot goes where it is needed next: to be opened, or straight to the free ones. */
  #release(slot: number): void {
    if (slot >= this.#wanted || this.#state[slot] !== closed) return;
    if (this.#keepAlive) this.#toOpen.push(slot);
    else this.#idle.push(slot);
  }

  #isOpen(slot: number): boolean {
    return this.#state[slot] === idle || this.#state[slot] === busy;
  }

  #isFree(slot: number): boolean {
    if (slot >= this.#wanted) return false;
    return this.#state[slot] === (this.#keepAlive ? idle : closed);
  }

  #leave(slot: number, now: number): void {
    this.#count(now);
    if (this.#state[slot] === busy) this.busy--;
    this.established--;
    this.#state[slot] = closed;
  }

  #fail(slot: number, now: number, again: boolean): void {
    const failures = Math.min(this.#failures[slot]! + 1, 255);
    this.#failures[slot] = failures;
    if (slot >= this.#wanted) return;
    if (again && failures === 1) {
      this.#release(slot);
      return;
    }
    const pause = firstRetryMicros * 2 ** Math.min(Math.max(0, failures - 2), 20);
    this.#state[slot] = paused;
    this.#at[slot] = now + Math.min(pause, longestRetryMicros);
    this.failing++;
    this.#paused.push(slot);
  }

  /** Counts up to now what the slots were of use, before their number changes. */
  #count(now: number): void {
    if (now <= this.#countedUntil) return;
    const usable = this.#keepAlive ? this.established : this.#wanted - this.failing;
    this.#usableMicros += usable * (now - this.#countedUntil);
    this.#countedUntil = now;
  }
}
