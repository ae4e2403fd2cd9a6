import { nowMicros } from '../basis/clock.js';
import { wholeMicros } from '../latency/counts.js';
import { Connections, hurryMicros } from './connections.js';
import { Exchanges } from './exchanges.js';
import { countByOrigin, originOf } from './transport/origin.js';
import {
  finished,
  type Engine,
  type EngineListener,
  type EngineSetup,
  type Traffic,
} from './engine.js';
import type { ConnectErrorKind, RequestErrorKind } from './errors.js';
import type { ShardOutcome } from './messages.js';
import { Opening } from './opening.js';
import { mostConnections, type LoadPlan, type Phase } from './plan.js';
import { Recorder } from './recorder.js';
import { rampAt } from './schedule.js';
import { shareOf, type Shard } from './shard.js';
import { ShardAccount, type Told } from './shard-account.js';
import { TimeLimits, type Overdue } from './time-limits.js';
import { createWorkload } from './workload/create.js';
import { IdleWorkload } from './workload/idle.js';
import type { Starter, Workload } from './workload/workload.js';

const handshakesAtOnce = 256;
/** What the runner tells its thread. */
interface ShardObserver extends Told {
  prepared(phase: number): void;
  finished(outcome: ShardOutcome): void;
}

/** What is told of the moment at which the clock ran out. */
type AtEnd = Pick<ShardOutcome, 'established' | 'failedByOrigin' | 'usableMicros'>;

/**
 * One shard's part of the run, phase after phase, over any engine: when to open, when to send, what
 * came of it.
 *
 * A phase is prepared (its connections are opened), then its clock runs, then what is in flight is
 * waited for, at most until each request's timeout.
 */
export class ShardRunner implements EngineListener, Starter, Overdue {
  readonly #plan: LoadPlan;
  readonly #shard: Shard;
  readonly #observer: ShardObserver;
  readonly #engine: Engine;
  readonly #connections: Connections;
  readonly #recorder: Recorder;
  readonly #exchanges: Exchanges;
  readonly intendedAt: Float64Array;
  readonly #limits: TimeLimits;
  readonly #account: ShardAccount;

  #stage: 'waiting' | 'preparing' | 'prepared' | 'running' | 'draining' = 'waiting';
  #exit = false;
  #phaseIndex = 0;
  #phase: Phase | null = null;
  #opening: Opening | null = null;
  #workload: Workload;
  #zero = 0;
  #lastSuccess = 0;
  #lastOutcome = 0;
  #stalled = false;
  #atEnd: AtEnd = { established: 0, failedByOrigin: [], usableMicros: 0 };
  #trafficBefore: Traffic = { sent: 0, received: 0 };

  constructor(
    setup: Omit<EngineSetup, 'listener' | 'slots'>,
    createEngine: (setup: EngineSetup) => Engine,
    observer: ShardObserver,
  ) {
    const { plan, shard } = setup;
    const slots = shareOf(mostConnections(plan.phases), shard);
    this.#plan = plan;
    this.#shard = shard;
    this.#observer = observer;
    this.#recorder = new Recorder(plan.requests.length);
    this.#engine = createEngine({ ...setup, slots, listener: this });
    const atOnce = Math.max(16, Math.floor(handshakesAtOnce / shard.count));
    const { connectRatePerSecond: rate } = plan;
    const openRate = rate === null ? null : rate / shard.count;
    const connections = new Connections(this.#engine, slots, atOnce, openRate, plan.keepAlive);
    const exchanges = new Exchanges(this, this.#engine, plan, shard, connections, this.#recorder);
    this.#connections = connections;
    this.#exchanges = exchanges;
    this.intendedAt = exchanges.intendedAt;
    this.#limits = new TimeLimits(plan, connections, exchanges.sentAt, this);
    this.#account = new ShardAccount(observer, this.#recorder, connections);
    this.#workload = new IdleWorkload(this, false);
  }

  /** Runs until `exit` is called. */
  async run(): Promise<void> {
    await this.#engine.drive((now) => this.#tick(now));
    await this.#engine.dispose();
  }

  prepare(index: number): void {
    const phase = this.#plan.phases[index]!;
    const now = nowMicros();
    this.now = now;
    this.#phaseIndex = index;
    this.#phase = phase;
    this.#recorder.clear();
    this.#stalled = false;
    this.#lastSuccess = now;
    this.#zero = Infinity;
    this.#exchanges.windowEnd = Infinity;
    const { sent, received } = this.#engine.traffic;
    this.#trafficBefore = { sent, received };
    this.#workload = createWorkload(
      phase,
      this.#shard,
      this.#connections,
      this,
      this.#plan.deadlineMicros,
      this.#recorder,
    );
    this.#stage = 'preparing';
    this.#connections.want(shareOf(Math.round(phase.connections.from), this.#shard), now);
    this.#connections.resumeAll(now);
    this.#opening = new Opening(this.#plan, phase, this.#shard, this.#connections, now);
    this.#connections.requeueIdle((slot) => this.#isLoaded(slot));
    if (phase.arrival.kind !== 'idle') return;
    for (let slot; (slot = this.#connections.shiftIdle()) >= 0;) {
      this.#workload.ready(slot, true);
    }
  }

  begin(at: number): void {
    this.#stage = 'running';
    this.#zero = at;
    this.#account.begin(at);
    this.#lastSuccess = at;
    this.#lastOutcome = at;
    this.#exchanges.windowEnd = at + (this.#phase?.durationMicros ?? Infinity);
    this.#connections.startClock(at);
    this.#workload.begin(at);
  }

  /** From now on, what is open or being opened is all there will be. */
  settle(): void {
    this.#connections.stopOpening(nowMicros());
  }

  /** Ends the phase without waiting for what is in flight. */
  stop(): void {
    if (this.#stage === 'waiting') return;
    const now = nowMicros();
    if (this.#stage !== 'draining') this.#closeWindow(now);
    this.#finish();
  }

  exit(): void {
    this.#exit = true;
  }

  now = 0;

  start(slot: number): void {
    if (this.#plan.keepAlive) this.#exchanges.send(slot);
    else this.#connections.open(slot, this.now);
  }

  opened(slot: number): void {
    const { now } = this;
    this.#recorder.opened++;
    this.#recorder.connect.record(wholeMicros(this.#connections.opened(slot, now)));
    if (!this.#plan.keepAlive) this.#exchanges.send(slot);
    else if (this.#isLoaded(slot)) this.#free(slot, true);
  }

  openFailed(slot: number, kind: ConnectErrorKind): void {
    const { now } = this;
    this.#recorder.connectError(kind);
    const timedOut = kind === 'connect-timeout';
    if (timedOut) this.#recorder.neverOpened(wholeMicros(now - this.#connections.since(slot)));
    if (!this.#plan.keepAlive) {
      this.#exchanges.notSent(slot, timedOut);
      this.#workload.returned();
    }
    this.#connections.openFailed(slot, now, this.#mayTryAgain);
    this.#replace();
  }

  responded(slot: number, status: number, bodyMatched: boolean, reusable: boolean): void {
    const { now } = this;
    this.#lastSuccess = now;
    this.#lastOutcome = now;
    // In a hold an answer is not enough: the connection must last.
    if (!this.#connections.hasServed(slot)) {
      this.#connections.setServed(slot, now, this.#phase?.arrival.kind !== 'idle');
    }
    this.#exchanges.answered(slot, status, bodyMatched);
    if (!this.#plan.keepAlive) this.#endChurned(slot, reusable);
    else if (reusable) {
      this.#connections.setIdle(slot);
      this.#free(slot, false);
    } else if (this.#phase?.arrival.kind === 'idle') this.#notKept(slot, 'not-kept');
    else this.#gone(slot);
  }

  failed(slot: number, kind: RequestErrorKind): void {
    this.#lastOutcome = this.now;
    this.#exchanges.failed(slot, kind);
    const accepted =
      this.#connections.hasServed(slot) || !this.#connections.isShortLived(slot, this.now);
    if (this.#stage === 'preparing' || (!accepted && kind !== 'timeout')) this.#broken(slot);
    else this.#gone(slot);
  }

  lost(slot: number): void {
    const short = this.#connections.isShortLived(slot, this.now);
    if (short && !this.#connections.hasServed(slot)) this.#notKept(slot, 'closed-on-accept');
    else if (short && this.#phase?.arrival.kind === 'idle') this.#notKept(slot, 'not-kept');
    else {
      this.#recorder.lost++;
      this.#gone(slot);
    }
  }

  /** Without keep-alive the client closes, too: a server need not (RFC 9112, 9.6). */
  #endChurned(slot: number, open: boolean): void {
    if (open) this.#connections.close(slot, this.now);
    else this.#connections.gone(slot, this.now);
    this.#replace();
  }

  #gone(slot: number): void {
    this.#connections.gone(slot, this.now);
    this.#replace();
  }

  /** The server ended a connection that was to last. */
  #notKept(slot: number, kind: ConnectErrorKind): void {
    this.#recorder.connectError(kind);
    this.#broken(slot);
  }

  #broken(slot: number): void {
    this.#connections.failed(slot, this.now, this.#mayTryAgain);
    this.#replace();
  }

  /** While a phase is being prepared, each slot has one try, so that this ends. */
  get #mayTryAgain(): boolean {
    return this.#stage !== 'preparing' && this.#stage !== 'prepared';
  }

  /** What is closed is put to use again, while the clock runs. */
  #replace(): void {
    if (this.#stage !== 'running') return;
    if (this.#plan.keepAlive) this.#connections.openDue(this.now);
    else this.#workload.pump();
  }

  /** A connection waits for its next request. */
  #free(slot: number, fresh: boolean): void {
    if (!this.#connections.isWanted(slot)) {
      this.#connections.close(slot, this.now);
      return;
    }
    const active = this.#stage === 'running' || this.#phase?.arrival.kind === 'idle';
    if (active && this.#stage !== 'draining') this.#workload.ready(slot, fresh);
    else this.#connections.pushIdle(slot);
  }

  /** The phase sends to the origin of this slot. */
  #isLoaded(slot: number): boolean {
    const only = this.#phase?.origin;
    return only === undefined || originOf(slot, this.#shard, this.#plan.origins.length) === only;
  }

  #tick(now: number): number {
    this.now = now;
    if (this.#exit) return finished;
    if (this.#stage === 'waiting') return Infinity;
    if (now >= this.#limits.nextAt) this.#limits.look(now);
    this.#account.progressDue(now);
    if (this.#stage === 'preparing') this.#open(now);
    // What is opened, and the order to begin, must not find this asleep for long.
    if (this.#stage === 'preparing' || this.#stage === 'prepared') return now + 500;
    if (now >= this.#account.nextIntervalAt) this.#closeInterval(now, true);
    if (this.#stage === 'draining') return this.#drained(now);
    return this.#run(now);
  }

  /** Every connection is tried once: what fails is retried when the clock runs. */
  #open(now: number): void {
    const { busy, established } = this.#connections;
    this.#connections.openDue(now, this.#opening!.mostHandshakes(busy));
    const tried = this.#connections.settled && this.#connections.busy === 0;
    if (!tried && !this.#opening!.isOver(now, established)) return;
    this.#stage = 'prepared';
    this.#observer.prepared(this.#phaseIndex);
  }

  #run(now: number): number {
    if (now < this.#zero) return this.#zero;
    const { windowEnd } = this.#exchanges;
    if (now >= windowEnd) {
      // What was due is sent, even if c1m itself is late.
      if (this.#phase?.arrival.kind === 'open') this.#workload.pump();
      return this.#closeWindow(windowEnd);
    }
    if (this.#isDone(now)) return this.#closeWindow(this.#stalled ? now : this.#lastOutcome);
    this.#followRamp(now);
    this.#connections.retryDue(now, this.#workload.starved);
    this.#connections.openDue(now);
    const due = this.#workload.pump();
    if (this.#workload.exhausted) return now + 1_000;
    const hurry = this.#workload.starved ? now + hurryMicros : Infinity;
    const { nextIntervalAt } = this.#account;
    return Math.min(due, hurry, windowEnd, this.#limits.nextAt, nextIntervalAt);
  }

  /** A phase with a number of requests is over with the last answer, or when nothing answers. */
  #isDone(now: number): boolean {
    if (this.#workload.exhausted && this.#phase?.requests !== null) {
      return (
        this.#connections.busy === 0 && (this.#plan.keepAlive || this.#connections.opening === 0)
      );
    }
    if (this.#isNothingDue) this.#lastSuccess = now;
    const patience = this.#plan.timeoutMicros + this.#plan.connectTimeoutMicros;
    this.#stalled = this.#phase?.durationMicros === null && now - this.#lastSuccess > patience;
    return this.#stalled;
  }

  /** Silence is then the plan's, and not the server's. */
  get #isNothingDue(): boolean {
    const { busy, opening } = this.#connections;
    return busy === 0 && !this.#workload.starved && (this.#plan.keepAlive || opening === 0);
  }

  #followRamp(now: number): void {
    const { connections, durationMicros } = this.#phase!;
    if (connections.from === connections.to || durationMicros === null) return;
    const share = (now - this.#zero) / durationMicros;
    const wanted = shareOf(Math.round(rampAt(connections, share)), this.#shard);
    if (wanted !== this.#connections.wanted) this.#connections.want(wanted, now);
  }

  /** Nothing is sent any more; what is in flight is waited for. Returns when to look again. */
  #closeWindow(end: number): number {
    this.#exchanges.windowEnd = end;
    this.#stage = 'draining';
    const { established, wanted } = this.#connections;
    this.#atEnd = {
      established: Math.min(established, wanted),
      failedByOrigin: countByOrigin(this.#shard, this.#plan.origins.length, (note) =>
        this.#connections.eachMissing(end, note),
      ),
      usableMicros: this.#connections.usableMicros(end),
    };
    if (!this.#plan.keepAlive) {
      this.#connections.abandonOpening(end, () => this.#workload.returned());
    }
    return 0;
  }

  #drained(now: number): number {
    if (this.#connections.busy === 0) {
      this.#finish();
      return Infinity;
    }
    return Math.min(this.#limits.nextAt, now + 1_000);
  }

  #finish(): void {
    const now = nowMicros();
    const { windowEnd } = this.#exchanges;
    this.now = now;
    this.#exchanges.giveUp();
    this.#workload.end(windowEnd);
    this.#closeInterval(now, false);
    this.#account.progress(now);
    const { sent, received } = this.#engine.traffic;
    this.#observer.finished({
      phase: this.#phaseIndex,
      tally: this.#recorder.takeTally(),
      planned: this.#workload.planned,
      notSent: this.#workload.notSent,
      inFlight: this.#connections.busy,
      ...this.#atEnd,
      windowMicros: Math.max(0, windowEnd - this.#zero),
      bytesSent: sent - this.#trafficBefore.sent,
      bytesReceived: received - this.#trafficBefore.received,
      stalled: this.#stalled,
      negotiated: this.#engine.negotiated,
    });
    this.#stage = 'waiting';
  }

  #closeInterval(now: number, whole: boolean): void {
    this.#account.closeInterval(now, this.#phase?.record === true, whole);
  }

  /** The connection cannot be used any more. */
  requestOverdue(slot: number): void {
    this.#engine.close(slot);
    this.failed(slot, 'timeout');
  }

  handshakeOverdue(slot: number): void {
    this.#engine.close(slot);
    this.openFailed(slot, 'connect-timeout');
  }
}
