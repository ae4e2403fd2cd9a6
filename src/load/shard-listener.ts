import { wholeMicros } from '../latency/counts.js';
import { Connections } from './connections.js';
import type { Engine, EngineListener, EngineSetup } from './engine.js';
import type { ConnectErrorKind, RequestErrorKind } from './errors.js';
import type { ExchangeNumbers } from './exchange-numbers.js';
import { Exchanges } from './exchanges.js';
import { Gathering } from './gathering.js';
import { mostConnections } from './plan.js';
import { Recorder } from './recorder.js';
import { shareOf } from './shard.js';
import type { ShardPhase } from './shard-phase.js';
import { TimeLimits, type Overdue } from './time-limits.js';
import { UnderWay } from './under-way.js';
import type { Starter } from './workload/workload.js';

const handshakesAtOnce = 256;

/**
 * Hears from the engine what becomes of one shard's connections and requests, and decides what each
 * connection does next. It keeps no time: when something is due is the shard runner's affair.
 */
export class ShardListener implements EngineListener, Starter, Overdue {
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly connections: Connections;
  readonly underWay: UnderWay;
  readonly exchanges: Exchanges;
  readonly limits: TimeLimits;
  readonly gathering: Gathering;
  readonly intendedAt: Float64Array;
  readonly #keepAlive: boolean;
  readonly #timeoutMicros: number;
  readonly #numbers: ExchangeNumbers;
  /** null before the first. */
  phase: ShardPhase | null = null;
  now = 0;
  /** When something was last answered; when a request last ended, in whatever way. */
  lastSuccess = 0;
  lastOutcome = 0;

  constructor(
    setup: Omit<EngineSetup, 'listener' | 'slots'>,
    createEngine: (setup: EngineSetup) => Engine,
  ) {
    const { plan, shard } = setup;
    const slots = shareOf(mostConnections(plan.phases), shard);
    this.#keepAlive = plan.keepAlive;
    this.recorder = new Recorder(plan.requests);
    this.#timeoutMicros = plan.timeoutMicros;
    this.engine = createEngine({ ...setup, slots, listener: this });
    const { numbers } = this.engine;
    const underWay = new UnderWay(numbers);
    const atOnce = Math.max(16, Math.floor(handshakesAtOnce / shard.count));
    const { connectRatePerSecond: rate, keepAlive } = plan;
    const openRate = rate === null ? null : rate / shard.count;
    const { engine, recorder } = this;
    const connections = new Connections(engine, numbers, underWay, atOnce, openRate, keepAlive);
    this.#numbers = numbers;
    this.underWay = underWay;
    this.gathering = new Gathering(recorder, underWay);
    this.connections = connections;
    this.exchanges = new Exchanges(this, engine, plan, shard, numbers, underWay, recorder);
    const { intendedAt, sentAt } = this.exchanges;
    this.intendedAt = intendedAt;
    this.limits = new TimeLimits(plan, connections, numbers, underWay, sentAt, this);
  }

  start(exchange: number): void {
    if (this.#keepAlive) this.exchanges.send(exchange);
    else this.connections.open(this.#numbers.connectionOf(exchange), this.now);
  }

  opened(connection: number, most: number): void {
    this.recorder.opened++;
    this.recorder.connect.record(wholeMicros(this.connections.opened(connection, this.now, most)));
    const first = this.#numbers.first(connection);
    if (!this.#keepAlive) this.exchanges.send(first);
    else if (this.phase!.loads(connection)) {
      for (let i = 0; i < most; i++) this.#free(first + i, i === 0);
    }
  }

  openFailed(connection: number, kind: ConnectErrorKind): void {
    const { now } = this;
    this.recorder.connectError(kind);
    const timedOut = kind === 'connect-timeout';
    if (timedOut) this.recorder.neverOpened(wholeMicros(now - this.connections.since(connection)));
    if (!this.#keepAlive) {
      this.exchanges.notSent(this.#numbers.first(connection), timedOut);
      this.phase!.workload.returned();
    }
    this.connections.openFailed(connection, now, this.phase!.mayTryAgain);
    this.#replace();
  }

  responded(exchange: number, status: number, bodyMatched: boolean, reusable: boolean): void {
    const { now, phase } = this;
    const connection = this.#numbers.connectionOf(exchange);
    this.lastSuccess = now;
    this.lastOutcome = now;
    if (!this.connections.hasServed(connection)) {
      this.connections.setServed(connection, now, !phase!.isHold);
    }
    this.exchanges.answered(exchange, status, bodyMatched);
    if (!this.#keepAlive) this.#endChurned(connection, reusable);
    else if (reusable) this.#free(exchange, false);
    else if (phase!.isHold) this.#notKept(connection, 'not-kept');
    else this.#gone(connection);
  }

  streamed(exchange: number, events: number): void {
    this.lastSuccess = this.now;
    this.exchanges.streamed(exchange, events);
  }

  failed(exchange: number, kind: RequestErrorKind, reusable: boolean): void {
    this.lastOutcome = this.now;
    this.exchanges.failed(exchange, kind);
    this.#unanswered(exchange, reusable, kind === 'timeout');
  }

  /** Ends the streams that have begun, and may go on for as long as the server likes. */
  cutStreams(): void {
    const { streams } = this.exchanges;
    for (let exchange = 0; exchange < this.#numbers.count && this.underWay.count > 0; exchange++) {
      if (!this.underWay.isBusy(exchange) || streams?.isFlowing(exchange) !== true) continue;
      this.exchanges.cut(exchange);
      this.#unanswered(exchange, this.engine.cancel(exchange), true);
    }
  }

  lost(connection: number): void {
    const short = this.connections.isShortLived(connection, this.now);
    if (short && !this.connections.hasServed(connection)) {
      this.#notKept(connection, 'closed-on-accept');
    } else if (short && this.phase!.isHold) this.#notKept(connection, 'not-kept');
    else {
      this.recorder.lost++;
      this.#gone(connection);
    }
  }

  limited(connection: number, most: number): void {
    this.connections.limit(connection, this.now, most);
    if (!this.#keepAlive || !this.phase!.loads(connection)) return;
    const first = this.#numbers.first(connection);
    for (let i = 0; i < most; i++) {
      if (!this.underWay.isBusy(first + i)) this.#free(first + i, false);
    }
  }

  retired(connection: number): void {
    this.#gone(connection);
  }

  returned(exchange: number): void {
    const connection = this.#numbers.connectionOf(exchange);
    this.exchanges.returned(exchange);
    // First of all it takes no request any more, this one for instance.
    if (this.#keepAlive) this.#ended(connection, false);
    else this.#endChurned(connection, false);
    this.phase!.workload.again(exchange);
    if (this.phase!.isLoading) this.phase!.workload.pump();
  }

  callEnded(kind: RequestErrorKind | null): void {
    this.recorder.callEnded(kind);
  }

  heard(connection: number, phase: number, message: number): void {
    const { phase: running, now } = this;
    if (running === null || running.index !== phase || !running.isUnderWay) return;
    if (running.deliveries?.heard(connection, message) !== true) return;
    this.lastSuccess = now;
    this.lastOutcome = now;
  }

  requestOverdue(exchange: number): void {
    // A stream may last as long as it likes; what is overdue is its next octet.
    if (this.exchanges.streams?.isHeardWithin(exchange, this.#timeoutMicros) === true) return;
    this.failed(exchange, 'timeout', this.engine.cancel(exchange));
  }

  handshakeOverdue(connection: number): void {
    this.engine.close(connection);
    this.openFailed(connection, 'connect-timeout');
  }

  /** A request has ended, without its answer. @param inTime the server had time enough for it */
  #unanswered(exchange: number, reusable: boolean, inTime: boolean): void {
    const connection = this.#numbers.connectionOf(exchange);
    if (!reusable) this.#ended(connection, inTime);
    else if (this.#keepAlive) this.#free(exchange, false);
    else this.#endChurned(connection, true);
  }

  /** Without keep-alive the client closes, too: a server need not (RFC 9112, 9.6). */
  #endChurned(connection: number, open: boolean): void {
    if (open) this.connections.close(connection, this.now);
    else this.connections.gone(connection, this.now);
    this.#replace();
  }

  /** A request ended its connection. @param inTime the server had time enough to answer */
  #ended(connection: number, inTime: boolean): void {
    const { now, phase } = this;
    const accepted =
      this.connections.hasServed(connection) || !this.connections.isShortLived(connection, now);
    const lasted = phase!.stage !== 'preparing' && (accepted || inTime);
    if (lasted || this.underWay.isCarriedBy(connection)) this.#gone(connection);
    else this.#broken(connection);
  }

  /** It carries no further request, and is replaced once what it carries has ended. */
  #gone(connection: number): void {
    if (this.underWay.isCarriedBy(connection)) {
      this.connections.retire(connection);
      return;
    }
    this.connections.gone(connection, this.now);
    this.#replace();
  }

  /** The server ended a connection that was to last. */
  #notKept(connection: number, kind: ConnectErrorKind): void {
    this.recorder.connectError(kind);
    this.#broken(connection);
  }

  #broken(connection: number): void {
    this.connections.failed(connection, this.now, this.phase!.mayTryAgain);
    this.#replace();
  }

  /** What is closed is put to use again, while the clock runs. */
  #replace(): void {
    if (this.phase!.stage !== 'running') return;
    if (this.#keepAlive) this.connections.openDue(this.now);
    else this.phase!.workload.pump();
  }

  /** An exchange waits for its next request. */
  #free(exchange: number, fresh: boolean): void {
    const connection = this.#numbers.connectionOf(exchange);
    if (!this.connections.isWanted(connection)) {
      if (!this.underWay.isCarriedBy(connection)) this.connections.close(connection, this.now);
    } else if (this.phase!.isLoading) this.phase!.workload.ready(exchange, fresh);
    else this.connections.pushFree(exchange);
  }
}
