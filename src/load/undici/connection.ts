import { isIP, Socket } from 'node:net';
import { Client, errors, type buildConnector, type Dispatcher } from 'undici';
import { nowMicros } from '../../basis/clock.js';
import type { EngineListener, Traffic } from '../engine.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../errors.js';
import type { ExchangeNumbers } from '../exchange-numbers.js';
import { negotiatedOn, type Negotiated } from '../negotiated.js';
import { serverNameOf } from '../server-name.js';
import type { FailureReasons } from '../failure-reasons.js';
import type { LoadPlan, Origin } from '../plan.js';
import type { CompiledRequest } from '../protocol/http1/request-encoder.js';
import type { LoopConnection } from '../transport/event-loop-engine.js';
import { resetAtEnd } from '../transport/reset-at-end.js';
import { contain, own } from './containment.js';
import { undiciErrorKind } from './errors.js';
import { Exchange, type Carrier } from './exchange.js';

/** undici has timeouts of its own; the shard's count, the same for all engines. */
export const never = 0;

/** Without a reason of this kind, undici asserts, or reads what it has already dropped. */
const closedByUs = new errors.InformationalError('Closed by c1m');

/** It returns the socket that it opens, which undici's types do not tell. */
export type Connector = (...args: Parameters<buildConnector.connector>) => unknown;

/** What all connections of an engine share. */
export interface Surroundings {
  readonly plan: LoadPlan;
  readonly numbers: ExchangeNumbers;
  readonly listener: EngineListener;
  /** Takes what a connection carried, once it is closed. */
  readonly past: Traffic;
  readonly failureReasons: FailureReasons;
  agreed(negotiated: Negotiated, socket: Socket): void;
}

/**
 * One undici client holds one connection. It is opened by hand and given to the client ready, so
 * that connecting is timed apart and an idle connection exists before its first request.
 *
 * All that undici does for it is contained: whatever it throws fails this connection's requests. The
 * listener is told outside of undici's own calls, which would catch what it throws.
 */
export class Connection implements LoopConnection, Carrier {
  readonly #slot: number;
  readonly #around: Surroundings;
  readonly #requests: readonly CompiledRequest[];
  readonly #http2: boolean;
  readonly #exchanges: (Exchange | undefined)[] = [];
  /** While it is opened: left alone, it would keep the thread from its end. */
  #opening: Socket | null = null;
  #socket: Socket | null = null;
  #client: Client | null = null;
  /** Nothing is told of it any more, but for the end of the requests that ended it. */
  #ended = false;
  /** The engine has closed the slot, which may have another connection by now. */
  #closed = false;
  /** Of the socket's error, which says more than what undici makes of it. */
  #socketError: string | null = null;

  constructor(
    slot: number,
    around: Surroundings,
    origin: Origin,
    requests: readonly CompiledRequest[],
    connector: Connector,
  ) {
    this.#slot = slot;
    this.#around = around;
    this.#requests = requests;
    const { http2 } = around.plan;
    this.#http2 = http2;
    const { protocol, hostname, port, address, connectPort = port } = origin;
    const name = serverNameOf(origin, around.plan.tls);
    const servername = isIP(name) === 0 ? name : '';
    const to = {
      hostname: address,
      host: hostname,
      protocol,
      port: String(connectPort),
      servername,
    };
    contain(this, () => {
      const opening = connector(to, (error, socket) => {
        if (error !== null) {
          const kind = connectErrorKind(codeOf(error));
          around.failureReasons.noteOf(kind, error);
          this.#openFailed(kind);
        } else if (this.#ended) socket.destroy();
        else if (http2 && (socket as { alpnProtocol?: unknown }).alpnProtocol !== 'h2') {
          socket.destroy();
          this.#openFailed('no-http2');
        } else {
          this.#opened(socket, `${protocol}//${hostname}:${port}`);
          own(() => {
            around.agreed(negotiatedOn(socket, http2 ? '2' : '1.1', 'tcp'), socket);
            this.#at(nowMicros()).opened(slot, around.numbers.perConnection);
          });
        }
      });
      if (opening instanceof Socket) this.#opening = opening;
    });
  }

  /** Adds what it has carried so far; nothing once it is closed. */
  addTraffic(total: Traffic): void {
    if (this.#socket === null || this.#ended) return;
    total.sent += this.#socket.bytesWritten;
    total.received += this.#socket.bytesRead;
  }

  get bytesRead(): number {
    return this.#socket!.bytesRead;
  }

  send(number: number, request: number, sequence: number): void {
    const exchange = (this.#exchanges[this.#placeOf(number)] ??= new Exchange(number, this));
    exchange.send(this.#requests[request]!, sequence);
  }

  cancel(number: number): boolean {
    if (!this.#http2) return false;
    const place = this.#placeOf(number);
    this.#exchanges[place]?.cancel(closedByUs);
    // undici may still call the old one.
    this.#exchanges[place] = undefined;
    return this.#isUp;
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client!.dispatch(options, handler);
  }

  broke(error: Error): void {
    if (this.#ended) return;
    if (this.#socket === null) this.#openFailed('connect-other');
    else if (this.#busy.length > 0) this.#breakAll(this.#kindOf(error) ?? 'engine-fault');
    else this.#lost();
  }

  completed(exchange: Exchange): void {
    if (this.#ended || !exchange.isBusy) return;
    // To undici, a reset is as good an end as any of a body that only the end delimits.
    if (this.#socketError !== null) {
      this.#breakAll(requestErrorKind(this.#socketError));
      return;
    }
    exchange.end();
    const reusable = this.#isUp;
    if (!reusable && this.#busy.length === 0) this.#end();
    const { number, status, isBodyMatched, receivedAt } = exchange;
    this.#at(receivedAt).responded(number, status, isBodyMatched, reusable);
  }

  failed(exchange: Exchange, error: Error): void {
    if (this.#ended) return;
    const kind = this.#kindOf(error, exchange) ?? 'other';
    // RFC 9113, 5.4.2: what is wrong with a stream leaves the others as they are.
    const ofStream = kind === 'refused-stream' || kind === 'stream-reset';
    if (ofStream && this.#isUp) this.#fail(exchange, kind, true);
    else this.#breakAll(kind);
  }

  #opened(socket: Socket, origin: string): void {
    this.#socket = socket;
    let handedOver = false;
    this.#client = new Client(origin, {
      allowH2: this.#http2,
      pipelining: this.#around.numbers.perConnection,
      headersTimeout: never,
      bodyTimeout: never,
      keepAliveTimeout: 2 ** 31 - 1,
      keepAliveMaxTimeout: 2 ** 31 - 1,
      connect: (_options, callback) => {
        // The client is not ready for its socket before this call returns.
        if (handedOver) process.nextTick(callback, new Error('The connection is gone'), null);
        else process.nextTick(callback, null, socket);
        handedOver = true;
      },
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // undici destroys it with errors of its own, which have no number.
      if (error.errno !== undefined) this.#socketError ??= error.code ?? null;
    });
    // Before undici hears of it, which would end the response.
    socket.prependOnceListener('end', () => {
      this.#socketError ??= resetAtEnd(socket);
    });
    socket.once('close', () => this.#socketClosed());
  }

  #openFailed(kind: Parameters<EngineListener['openFailed']>[1]): void {
    if (this.#ended) return;
    this.#ended = true;
    const now = nowMicros();
    own(() => this.#at(now).openFailed(this.#slot, kind));
  }

  /** All requests under way failed, and the connection with them. */
  #breakAll(kind: RequestErrorKind): void {
    const busy = this.#busy;
    this.#end();
    for (const exchange of busy) this.#fail(exchange, kind, false);
  }

  /** Told as soon as undici is done with it. */
  #fail(exchange: Exchange, kind: RequestErrorKind, reusable: boolean): void {
    exchange.end();
    const now = nowMicros();
    process.nextTick(() =>
      own(() => {
        if (!this.#closed) this.#at(now).failed(exchange.number, kind, reusable && this.#isUp);
      }),
    );
  }

  #lost(): void {
    this.#end();
    const now = nowMicros();
    own(() => this.#at(now).lost(this.#slot));
  }

  #socketClosed(): void {
    // While requests are under way, their handlers hear of the end with the reason.
    if (!this.#ended && this.#busy.length === 0) this.#lost();
  }

  /** The client first: a socket that is gone before it makes it throw. */
  #end(): void {
    if (this.#ended) return;
    this.addTraffic(this.#around.past);
    this.#ended = true;
    contain(this, () => {
      this.#client?.destroy(closedByUs).catch(() => undefined);
      if (this.#socket === null) this.#opening?.destroy();
      else this.#socket.destroy(closedByUs);
    });
  }

  get #isUp(): boolean {
    return !this.#ended && this.#socket?.destroyed === false;
  }

  get #busy(): Exchange[] {
    return this.#exchanges.filter((exchange) => exchange?.isBusy === true) as Exchange[];
  }

  #placeOf(number: number): number {
    return number - this.#around.numbers.first(this.#slot);
  }

  /** The listener, to be told of what happened then. */
  #at(now: number): EngineListener {
    this.#around.listener.now = now;
    return this.#around.listener;
  }

  #kindOf(error: Error, exchange = this.#busy[0]): RequestErrorKind | null {
    if (this.#socketError !== null) return requestErrorKind(this.#socketError);
    const kind = undiciErrorKind(error);
    const begun = exchange?.hasBegun(this.#http2) === true;
    return kind === 'closed-before-response' && begun ? 'truncated' : kind;
  }
}

function codeOf(error: Error): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
