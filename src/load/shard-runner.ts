import { nowMicros } from '../basis/clock.js';
import { hurryMicros } from './pauses.js';
import { Deliveries } from './deliveries.js';
import { firstNumber } from './fan-out.js';
import { finished, type Engine, type EngineSetup, type Traffic } from './engine.js';
import type { ShardOutcome } from './messages.js';
import { Opening } from './opening.js';
import { asksForStreams, type LoadPlan } from './plan.js';
import { rampAt } from './schedule.js';
import { shareOf, type Shard } from './shard.js';
import type { Handshakes } from './negotiated.js';
import { ShardAccount, type Told } from './shard-account.js';
import { ShardListener } from './shard-listener.js';
import { ShardPhase } from './shard-phase.js';
import { WakeUpLag } from './wake-up-lag.js';
import { countByOrigin } from './transport/origin.js';
import { createWorkload } from './workload/create.js';

/** For a server to end, too, what c1m has ended in order. */
const longestEndMicros = 1_000_000;

/** What the runner tells its thread. */
interface ShardObserver extends Told {
  prepared(phase: number): void;
  finished(outcome: ShardOutcome): void;
}

/**
 * One shard's part of the run, phase after phase, over any engine: it keeps the time. A phase is
 * prepared (its connections are opened), then its clock runs, then what is under way is waited for, at
 * most until each request's timeout.
 */
export class ShardRunner {
  readonly #plan: LoadPlan;
  readonly #shard: Shard;
  readonly #observer: ShardObserver;
  readonly #listener: ShardListener;
  readonly #account: ShardAccount;
  /** null: no request asks for a stream of events. */
  readonly #lag: WakeUpLag | null;
  #exit = false;
  #concludesUntil = Infinity;
  #trafficBefore: Traffic = { sent: 0, received: 0 };
  #handshakesBefore: Handshakes = { full: 0, resumed: 0 };

  constructor(
    setup: Omit<EngineSetup, 'listener' | 'slots'>,
    createEngine: (setup: EngineSetup) => Engine,
    observer: ShardObserver,
  ) {
    this.#plan = setup.plan;
    this.#shard = setup.shard;
    this.#observer = observer;
    this.#listener = new ShardListener(setup, createEngine);
    const { recorder, connections } = this.#listener;
    this.#account = new ShardAccount(observer, recorder, connections);
    this.#lag = asksForStreams(this.#plan) ? new WakeUpLag(recorder.wakeUpLag) : null;
  }

  /** Runs until `exit` is called. */
  async run(): Promise<void> {
    const { engine } = this.#listener;
    await engine.drive((now) => this.#tick(now));
    // However it ended, what is held open is not broken off without a word.
    engine.conclude();
    await engine.dispose();
  }

  prepare(index: number): void {
    const listener = this.#listener;
    const { connections, recorder, exchanges, engine } = listener;
    const phase = this.#plan.phases[index]!;
    const now = nowMicros();
    listener.now = now;
    recorder.clear();
    exchanges.windowEnd = Infinity;
    exchanges.forgetReturned();
    const { sent, received } = engine.traffic;
    this.#trafficBefore = { sent, received };
    const { full, resumed } = engine.handshakes;
    this.#handshakesBefore = { full, resumed };
    const { deadlineMicros, fanOut } = this.#plan;
    const workload = createWorkload(
      phase,
      this.#shard,
      connections,
      listener,
      deadlineMicros,
      recorder,
      fanOut !== null,
    );
    const deliveries =
      fanOut === null || phase.arrival.kind === 'idle'
        ? null
        : new Deliveries(
            listener,
            this.#plan,
            phase,
            this.#shard,
            engine.numbers.connections,
            recorder,
          );
    if (fanOut !== null) exchanges.numberFrom(firstNumber(fanOut, index));
    connections.want(shareOf(Math.round(phase.connections.from), this.#shard), now);
    connections.resumeAll(now);
    const opening = new Opening(this.#plan, phase, this.#shard, connections, now);
    const begun = new ShardPhase(index, this.#plan, this.#shard, workload, opening, deliveries);
    listener.phase = begun;
    connections.requeueFree((connection) => begun.loads(connection));
    if (!begun.isHold) return;
    for (let exchange; (exchange = connections.shiftFree()) >= 0;) workload.ready(exchange, true);
  }

  begin(at: number): void {
    const { connections, exchanges } = this.#listener;
    const phase = this.#listener.phase!;
    this.#account.begin(at);
    exchanges.windowEnd = at + (phase.phase.durationMicros ?? Infinity);
    connections.startClock(at);
    phase.begin(at);
    this.#lag?.begin(at);
    this.#listener.gathering.begin(at, this.#isGathered(phase));
    this.#listener.lastSuccess = at;
    this.#listener.lastOutcome = at;
  }

  /** From now on, what is open or being opened is all there will be. */
  settle(): void {
    this.#listener.connections.stopOpening(nowMicros());
  }

  /** Ends the phase without waiting for what is under way. */
  stop(): void {
    const { phase } = this.#listener;
    if (phase === null || phase.stage === 'over') return;
    if (phase.stage !== 'draining') this.#closeWindow(phase, nowMicros());
    this.#listener.engine.conclude();
    this.#finish(phase);
  }

  exit(): void {
    this.#exit = true;
  }

  #tick(now: number): number {
    const listener = this.#listener;
    const { phase } = listener;
    listener.now = now;
    if (this.#exit) return finished;
    if (phase === null || phase.stage === 'over') return Infinity;
    if (now >= listener.limits.nextAt) listener.limits.look(now);
    this.#account.progressDue(now);
    if (phase.stage === 'preparing') this.#open(phase, now);
    // What is opened, and the order to begin, must not find this asleep for long.
    if (phase.stage === 'preparing' || phase.stage === 'prepared') return now + 500;
    if (now >= this.#account.nextIntervalAt) this.#closeInterval(phase, now, true);
    const next = phase.stage === 'draining' ? this.#drained(phase, now) : this.#run(phase, now);
    return this.#lag === null ? next : Math.min(next, this.#lag.look(now));
  }

  /** Every connection is tried once: what fails is retried when the clock runs. */
  #open(phase: ShardPhase, now: number): void {
    const { connections, underWay } = this.#listener;
    connections.openDue(now, phase.opening.mostHandshakes(underWay.count));
    const tried = connections.settled && underWay.count === 0;
    if (!tried && !phase.opening.isOver(now, connections.established)) return;
    phase.stage = 'prepared';
    this.#observer.prepared(phase.index);
  }

  #run(phase: ShardPhase, now: number): number {
    const { connections, exchanges, limits, gathering } = this.#listener;
    const { workload, zero } = phase;
    if (now < zero) return zero;
    gathering.look(now);
    const { windowEnd } = exchanges;
    if (now >= windowEnd) {
      // What was due is sent, even if c1m itself is late.
      if (phase.phase.arrival.kind === 'open') workload.pump();
      return this.#closeWindow(phase, windowEnd);
    }
    if (this.#isDone(phase, now)) {
      return this.#closeWindow(phase, phase.stalled ? now : this.#listener.lastOutcome);
    }
    this.#followRamp(phase, now);
    connections.retryDue(now, workload.starved);
    connections.openDue(now);
    const due = workload.pump();
    if (workload.exhausted) return now + 1_000;
    const hurry = workload.starved ? now + hurryMicros : Infinity;
    return Math.min(due, hurry, windowEnd, limits.nextAt, this.#account.nextIntervalAt);
  }

  /** A phase with a number of requests is over with the last answer, or when nothing answers. */
  #isDone(phase: ShardPhase, now: number): boolean {
    const isIdle = this.#isNothingUnderWay && !phase.awaitsDeliveries(now);
    if (phase.workload.exhausted && phase.phase.requests !== null) return isIdle;
    // Silence is the plan's then, and not the server's.
    if (isIdle && !phase.workload.starved) this.#listener.lastSuccess = now;
    const patience = this.#plan.timeoutMicros + this.#plan.connectTimeoutMicros;
    phase.stalled =
      phase.phase.durationMicros === null && now - this.#listener.lastSuccess > patience;
    return phase.stalled;
  }

  /** No request, nor, without keep-alive, the connection for one. */
  get #isNothingUnderWay(): boolean {
    const { underWay, connections } = this.#listener;
    return underWay.count === 0 && (this.#plan.keepAlive || connections.opening === 0);
  }

  /** What is due at its own time, connects, or comes event by event is told as it happens. */
  #isGathered({ phase }: ShardPhase): boolean {
    return phase.arrival.kind === 'closed' && this.#plan.keepAlive && this.#lag === null;
  }

  #followRamp({ phase, zero }: ShardPhase, now: number): void {
    const { connections, durationMicros } = phase;
    if (connections.from === connections.to || durationMicros === null) return;
    const share = (now - zero) / durationMicros;
    const wanted = shareOf(Math.round(rampAt(connections, share)), this.#shard);
    if (wanted !== this.#listener.connections.wanted) this.#listener.connections.want(wanted, now);
  }

  /** Nothing is sent any more; what is under way is waited for. Returns when to look again. */
  #closeWindow(phase: ShardPhase, end: number): number {
    const { connections, exchanges } = this.#listener;
    exchanges.windowEnd = end;
    phase.stage = 'draining';
    this.#listener.gathering.end();
    const byOrigin = (each: (note: (slot: number) => void) => void): number[] =>
      countByOrigin(this.#shard, this.#plan.origins.length, each);
    phase.atEnd = {
      openByOrigin: byOrigin((note) => connections.eachOpen(note)),
      failedByOrigin: byOrigin((note) => connections.eachMissing(end, note)),
      usableMicros: connections.usableMicros(end),
    };
    if (!this.#plan.keepAlive) connections.abandonOpening(end, () => phase.workload.returned());
    return 0;
  }

  #drained(phase: ShardPhase, now: number): number {
    const { underWay, exchanges, limits } = this.#listener;
    // What is no stream has timed out by then, or will soon.
    if (exchanges.streams !== null && now >= exchanges.windowEnd + this.#plan.timeoutMicros) {
      this.#listener.cutStreams();
    }
    if (underWay.count === 0 && !phase.awaitsDeliveries(now)) {
      if (this.#isConcluding(phase, now)) return now + 1_000;
      this.#finish(phase);
      return Infinity;
    }
    return Math.min(limits.nextAt, now + 1_000);
  }

  /** After the last phase, what is held open beyond requests ends in order, if the server lets it. */
  #isConcluding({ index }: ShardPhase, now: number): boolean {
    if (index < this.#plan.phases.length - 1) return false;
    if (this.#concludesUntil === Infinity) this.#concludesUntil = now + longestEndMicros;
    return !this.#listener.engine.conclude() && now < this.#concludesUntil;
  }

  #finish(phase: ShardPhase): void {
    const listener = this.#listener;
    const { recorder, engine, underWay, exchanges } = listener;
    const now = nowMicros();
    const { windowEnd } = exchanges;
    listener.now = now;
    exchanges.giveUp();
    phase.workload.end(windowEnd);
    this.#closeInterval(phase, now, false);
    this.#account.progress(now);
    const { sent, received } = engine.traffic;
    const { full, resumed } = engine.handshakes;
    phase.stage = 'over';
    this.#observer.finished({
      phase: phase.index,
      tally: recorder.takeTally(),
      planned: phase.workload.planned,
      notSent: phase.workload.notSent,
      inFlight: underWay.count + recorder.cut,
      ...phase.atEnd,
      windowMicros: Math.max(0, windowEnd - phase.zero),
      bytesSent: sent - this.#trafficBefore.sent,
      bytesReceived: received - this.#trafficBefore.received,
      stalled: phase.stalled,
      negotiated: engine.negotiated,
      handshakes: {
        full: full - this.#handshakesBefore.full,
        resumed: resumed - this.#handshakesBefore.resumed,
      },
      failureReasons: engine.failureReasons.all,
      deliveries: phase.deliveries?.tally ?? null,
    });
  }

  #closeInterval({ phase }: ShardPhase, now: number, whole: boolean): void {
    this.#account.closeInterval(now, phase.record, whole);
  }
}
