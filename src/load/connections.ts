import type { Engine } from './engine.js';
import type { ExchangeNumbers } from './exchange-numbers.js';
import { Lapses } from './lapses.js';
import { NumberQueue } from './number-queue.js';
import { Pauses } from './pauses.js';
import type { UnderWay } from './under-way.js';

const closed = 0;
const opening = 1;
const open = 2;
/** It takes no further request, and is gone with the last that is under way. */
const ending = 3;
/** It failed to open, or did not last, and is not tried again before its pause is over. */
const paused = 4;

/** A connection that the server ended sooner, it did not mean to keep. */
const shortLivedMicros = 1_000_000;
/** What a rate of opening may make up for when the thread was held up. */
const longestOpenBurstMicros = 10_000;

/**
 * The connections of one shard, as a state for each in typed arrays. Those below `wanted` are kept
 * open: opened in order with a bounded number of handshakes under way, reopened when they are lost.
 * One that fails is tried again at once, and then after pauses (`pauses.ts`). Those from `wanted` on
 * are closed as soon as they carry nothing. Without keep-alive one is free while it is closed, and
 * opened for each request.
 */
export class Connections {
  readonly #engine: Engine;
  readonly #numbers: ExchangeNumbers;
  /** Below the listen backlog, so that a burst of SYNs is not dropped and retried after a second. */
  readonly #openLimit: number;
  readonly #keepAlive: boolean;
  readonly #state: Uint8Array;
  /** 1: this connection has answered a request. */
  readonly #served: Uint8Array;
  /** 1: it has been open, so that one that is not is being replaced. */
  readonly #hasBeenOpen: Uint8Array;
  /** Of an opening one, when the handshake began; of an open one, when it was opened or first answered. */
  readonly #at: Float64Array;
  /** How many requests each carries at once; fewer than its exchanges where the server says so. */
  readonly #most: Uint16Array;
  readonly #underWay: UnderWay;
  /** Free exchanges, longest free first; what is not free any more is skipped. */
  readonly #free: NumberQueue;
  readonly #toOpen: NumberQueue;
  readonly #pauses: Pauses;
  readonly #lapses: Lapses;
  readonly #betweenOpensMicros: number;
  #nextOpenAt = 0;
  /** Those below have been opened once. */
  #begun = 0;
  #mostOpen: number;
  #wanted = 0;
  /** How many requests those that are open carry at once. */
  #places = 0;
  /** Sum over these of the time for which they could be used, and until when it is counted. */
  #usableMicros = 0;
  #countedUntil = 0;

  established = 0;
  opening = 0;

  /** @param openRate handshakes begun per second at the most; without it, as `openLimit` allows */
  constructor(
    engine: Engine,
    numbers: ExchangeNumbers,
    underWay: UnderWay,
    openLimit: number,
    openRate: number | null,
    keepAlive: boolean,
  ) {
    this.#betweenOpensMicros = openRate === null ? 0 : 1e6 / openRate;
    this.#engine = engine;
    const slots = numbers.connections;
    this.#numbers = numbers;
    this.#underWay = underWay;
    this.#mostOpen = slots;
    this.#openLimit = openLimit;
    this.#keepAlive = keepAlive;
    this.#state = new Uint8Array(slots);
    this.#served = new Uint8Array(slots);
    this.#hasBeenOpen = new Uint8Array(slots);
    this.#at = new Float64Array(slots);
    this.#most = new Uint16Array(slots).fill(numbers.perConnection);
    this.#free = new NumberQueue(numbers.count);
    this.#toOpen = new NumberQueue(slots);
    this.#pauses = new Pauses(slots);
    this.#lapses = new Lapses(slots);
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Every wanted one is open, or was and has ended, or has failed. */
  get settled(): boolean {
    if (!this.#keepAlive) return true;
    const tried = this.established + this.#pauses.count + this.#lapses.count;
    return this.opening === 0 && tried >= this.#wanted;
  }

  eachOpen(each: (slot: number) => void): void {
    for (let slot = 0; slot < this.#wanted; slot++) if (this.#isUp(slot)) each(slot);
  }

  /** Calls back for each wanted one that could not be opened, or be kept open. */
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
    const fails = this.#pauses.failuresOf(slot) >= 2;
    if (this.#isUp(slot)) return fails && this.isShortLived(slot, now);
    return this.#state[slot] === paused || fails || this.#hasBeenOpen[slot] === 0;
  }

  /** Sets how many are kept open; what is above and carries nothing is closed at once. */
  want(wanted: number, now: number): void {
    this.#count(now);
    const before = this.#wanted;
    this.#wanted = Math.min(wanted, this.#mostOpen);
    for (let slot = before; slot < this.#wanted; slot++) this.#release(slot);
    for (let slot = this.#wanted; slot < before; slot++) {
      if (this.#state[slot] === paused) {
        this.#pauses.end(slot);
        this.#resume(slot);
      } else if (!this.#underWay.isCarriedBy(slot)) this.close(slot, now);
      this.#pauses.forgive(slot);
    }
  }

  /** A phase is prepared: ends all pauses, and gives each that is not open one try. */
  resumeAll(now: number): void {
    this.#count(now);
    this.#lapses.begin(now);
    for (let slot; (slot = this.#pauses.endNext()) >= 0;) this.#resume(slot);
  }

  /** Puts the free exchanges in the queue that a phase begins with: of connections that it loads only. */
  requeueFree(loaded: (slot: number) => boolean): void {
    while (this.#free.shift() >= 0);
    for (let slot = 0; slot < this.#wanted; slot++) {
      if (!loaded(slot)) continue;
      const first = this.#numbers.first(slot);
      for (let i = 0; i < this.#numbers.perConnection; i++) {
        if (this.#isFree(first + i)) this.#free.push(first + i);
      }
    }
  }

  /** Never opens one beyond those that have been opened so far. */
  stopOpening(now: number): void {
    this.#mostOpen = this.#begun;
    this.want(this.#wanted, now);
  }

  isWanted(slot: number): boolean {
    return slot < this.#wanted;
  }

  /** The clock of a phase starts: from here on it is counted for how long connections are of use. */
  startClock(now: number): void {
    this.#usableMicros = 0;
    this.#countedUntil = now;
    this.#lapses.end((slot) => this.#release(slot));
  }

  /**
   * Microseconds of all together since the clock started: for which they were open, for each request
   * that they carry at once, or, without keep-alive, did not pause.
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
   * Lets those that paused be tried again.
   * @param hurry a request waits for a connection, which shortens the pauses
   */
  retryDue(now: number, hurry: boolean): void {
    if (this.#pauses.count === 0) return;
    this.#count(now);
    this.#pauses.endDue(now, this.#resume);
    const hurried = hurry ? this.#pauses.hurry(now) : -1;
    if (hurried >= 0) this.#resume(hurried);
  }

  open(slot: number, now: number): void {
    this.#state[slot] = opening;
    this.#at[slot] = now;
    if (slot >= this.#begun) this.#begun = slot + 1;
    this.opening++;
    this.#engine.open(slot);
  }

  /**
   * Notes a finished handshake and returns how long it took, in microseconds.
   * @param most how many requests it carries at once: those of its first exchanges
   */
  opened(slot: number, now: number, most: number): number {
    this.#count(now);
    const micros = now - this.#at[slot]!;
    this.#state[slot] = open;
    this.#at[slot] = now;
    this.#served[slot] = 0;
    this.#hasBeenOpen[slot] = 1;
    this.#most[slot] = most;
    this.#places += most;
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

  /** From now on an open one carries `most` requests at once. */
  limit(slot: number, now: number, most: number): void {
    this.#count(now);
    this.#places += most - this.#most[slot]!;
    this.#most[slot] = most;
  }

  /** It takes no further request; what it carries is still waited for. */
  retire(slot: number): void {
    this.#state[slot] = ending;
  }

  /** It is gone, in the ordinary way; it is opened again if it is wanted. */
  gone(slot: number, now: number): void {
    this.#leave(slot, now);
    if (!this.#lapses.take(slot, this.#at[slot]!)) this.#release(slot);
  }

  /** It is gone, although it should have lasted. @param again as above */
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
    for (let slot = 0; slot < this.#state.length && this.opening > 0; slot++) {
      if (this.#state[slot] !== opening) continue;
      this.close(slot, now);
      each();
    }
  }

  /** Puts an exchange at the end of those waiting for a request. */
  pushFree(exchange: number): void {
    this.#free.push(exchange);
  }

  /** Takes the exchange that has been free for the longest, or −1. */
  shiftFree(): number {
    for (;;) {
      const exchange = this.#free.shift();
      if (exchange < 0 || this.#isFree(exchange)) return exchange;
    }
  }

  /** The connection answers. @param forgive whether that ends its row of failures */
  setServed(slot: number, now: number, forgive: boolean): void {
    this.#served[slot] = 1;
    this.#at[slot] = now;
    if (forgive) this.#pauses.forgive(slot);
  }

  hasServed(slot: number): boolean {
    return this.#served[slot] === 1;
  }

  isOpening(slot: number): boolean {
    return this.#state[slot] === opening;
  }

  /** One that ends so soon was not meant to be kept. */
  isShortLived(slot: number, now: number): boolean {
    return now - this.#at[slot]! < shortLivedMicros;
  }

  /** When the handshake of an opening one began; when an open one was opened, or first answered. */
  since(slot: number): number {
    return this.#at[slot]!;
  }

  /** Its pause is over. */
  readonly #resume = (slot: number): void => {
    this.#state[slot] = closed;
    this.#release(slot);
  };

  /** A closed one goes where it is needed next: to be opened, or straight to what is free. */
  #release(slot: number): void {
    if (slot >= this.#wanted || this.#state[slot] !== closed) return;
    if (this.#keepAlive) this.#toOpen.push(slot);
    else this.#free.push(this.#numbers.first(slot));
  }

  #isUp(slot: number): boolean {
    return this.#state[slot] === open || this.#state[slot] === ending;
  }

  #isFree(exchange: number): boolean {
    const slot = this.#numbers.connectionOf(exchange);
    if (slot >= this.#wanted || this.#underWay.isBusy(exchange)) return false;
    if (exchange - this.#numbers.first(slot) >= this.#most[slot]!) return false;
    return this.#state[slot] === (this.#keepAlive ? open : closed);
  }

  #leave(slot: number, now: number): void {
    this.#count(now);
    this.established--;
    this.#places -= this.#most[slot]!;
    this.#state[slot] = closed;
  }

  #fail(slot: number, now: number, again: boolean): void {
    this.#pauses.failed(slot);
    if (slot >= this.#wanted) return;
    if (again && this.#pauses.failuresOf(slot) === 1) {
      this.#release(slot);
      return;
    }
    this.#state[slot] = paused;
    this.#pauses.begin(slot, now);
  }

  /** Counts up to now what they were of use, before their number changes. */
  #count(now: number): void {
    if (now <= this.#countedUntil) return;
    const usable = this.#keepAlive ? this.#places : this.#wanted - this.#pauses.count;
    this.#usableMicros += usable * (now - this.#countedUntil);
    this.#countedUntil = now;
  }
}
