import { isIP, Socket } from 'node:net';
import { buildConnector, Client, errors, type Dispatcher } from 'undici';
import { nowMicros } from '../../basis/clock.js';
import { connectErrorKind, requestErrorKind, type RequestErrorKind } from '../errors.js';
import { compileRequests, type CompiledRequest } from '../protocol/http1/request-encoder.js';
import { negotiatedOn, type Negotiated } from '../negotiated.js';
import type { LoadPlan, Origin } from '../plan.js';
import { contain, own } from './containment.js';
import type { EngineListener, EngineSetup, Traffic } from '../engine.js';
import { EventLoopEngine, type LoopConnection } from '../transport/event-loop-engine.js';
import { resetAtEnd } from '../transport/reset-at-end.js';
import { undiciErrorKind } from './errors.js';

/** undici has timeouts of its own; the shard runner's count, the same for all engines. */
const never = 0;

/** Without a reason of this kind, undici asserts, or reads what it has already dropped. */
const closedByUs = new errors.InformationalError('Closed by c1m');

/** It returns the socket that it opens, which undici's types do not tell. */
type Connector = (...args: Parameters<buildConnector.connector>) => unknown;

/** What an application's own client would do: undici's `Client`, HTTP/1.1 or HTTP/2, plain or TLS. */
export class UndiciEngine extends EventLoopEngine<Connection> {
  /** By origin, since each has a Host of its own, and then by request. */
  readonly #requests: readonly (readonly CompiledRequest[])[];
  readonly #connectors: readonly Connector[];
  /** Of connections that are closed; those that are open are asked. */
  readonly #past: Traffic = { sent: 0, received: 0 };

  constructor(setup: EngineSetup) {
    super(setup);
    const { plan } = setup;
    this.#requests = plan.origins.map((origin) => compileRequests(plan, origin));
    this.#connectors = plan.origins.map((origin) => createConnector(plan, origin));
  }

  get traffic(): Traffic {
    const total = { ...this.#past };
    for (const connection of this.connections) connection?.addTraffic(total);
    return total;
  }

  protected connect(slot: number, origin: number): Connection {
    const { plan, listener } = this.setup;
    const [requests, connector] = [this.#requests[origin]!, this.#connectors[origin]!];
    const to = plan.origins[origin]!;
    const agreed = (negotiated: Negotiated): void => this.agreed(negotiated);
    return new Connection(slot, plan, to, requests, connector, listener, this.#past, agreed);
  }
}

function createConnector(plan: LoadPlan, origin: Origin): Connector {
  const options = {
    allowH2: plan.http2,
    useH2c: plan.http2 && origin.protocol === 'http:',
    timeout: never,
    rejectUnauthorized: plan.tls.verify,
  };
  return buildConnector(options);
}

/**
 * One undici client holds one connection. It is opened by hand and given to the client ready, so
 * that connecting is timed apart and an idle connection exists before its first request.
 *
 * All that undici does for it is contained: whatever it throws fails this connection's request. The
 * listener is told outside of undici's own calls, which would catch what it throws.
 */
class Connection implements LoopConnection, Dispatcher.DispatchHandler {
  readonly #slot: number;
  readonly #requests: readonly CompiledRequest[];
  readonly #listener: EngineListener;
  /** Takes what this connection carried, once it is closed. */
  readonly #past: Traffic;
  readonly #http2: boolean;
  /** While it is opened: left alone, it would keep the thread from its end. */
  #opening: Socket | null = null;
  #socket: Socket | null = null;
  #client: Client | null = null;
  #compiled: CompiledRequest | null = null;
  /** Nothing is told of it any more, but for the end of the request that ended it. */
  #ended = false;
  /** The engine has closed the slot, which may have another connection by now. */
  #closed = false;
  #busy = false;
  #status = 0;
  #matchState = 0;
  #receivedAt = 0;
  /** Bytes that had been read when the request was sent: more are of its response. */
  #readBefore = 0;
  /** Of the socket's error, which says more than what undici makes of it. */
  #socketError: string | null = null;

  constructor(
    slot: number,
    plan: LoadPlan,
    origin: Origin,
    requests: readonly CompiledRequest[],
    connector: Connector,
    listener: EngineListener,
    past: Traffic,
    agreed: (negotiated: Negotiated) => void,
  ) {
    this.#slot = slot;
    this.#past = past;
    this.#requests = requests;
    this.#listener = listener;
    this.#http2 = plan.http2;
    const { protocol, hostname, port, address } = origin;
    const servername = isIP(hostname) === 0 ? hostname : '';
    const to = { hostname: address, host: hostname, protocol, port: String(port), servername };
    contain(this, () => {
      const opening = connector(to, (error, socket) => {
        if (error !== null) this.#openFailed(connectErrorKind(codeOf(error)));
        else if (this.#ended) socket.destroy();
        else if (plan.http2 && (socket as { alpnProtocol?: unknown }).alpnProtocol !== 'h2') {
          socket.destroy();
          this.#openFailed('no-http2');
        } else {
          this.#opened(socket, `${protocol}//${hostname}:${port}`);
          own(() => {
            agreed(negotiatedOn(socket, plan.http2 ? '2' : '1.1'));
            listener.now = nowMicros();
            listener.opened(slot);
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

  send(request: number, sequence: number): void {
    const compiled = this.#requests[request]!;
    this.#compiled = compiled;
    this.#busy = true;
    this.#readBefore = this.#socket!.bytesRead;
    this.#status = 0;
    this.#matchState = 0;
    contain(this, () => this.#client!.dispatch(compiled.materialize(sequence), this));
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  broke(error: Error): void {
    if (this.#ended) return;
    if (this.#socket === null) this.#openFailed('connect-other');
    else if (this.#busy) this.#fail(this.#kindOf(error) ?? 'engine-fault');
    else this.#lost();
  }

  onRequestStart(): void {
    // Required of a handler; the send was noted when it was ordered.
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const matcher = this.#compiled!.bodyMatcher;
    if (matcher === null) return;
    own(() => {
      this.#matchState = matcher.advance(this.#matchState, chunk, 0, chunk.length);
    });
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#receivedAt = nowMicros();
    // undici drops a connection that may not be reused just after this call, not before it.
    process.nextTick(() => own(() => this.#completed()));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#ended || !this.#busy) return;
    if (this.#isBodiless(error)) this.onResponseEnd();
    else this.#fail(this.#kindOf(error) ?? 'other');
  }

  #opened(socket: Socket, origin: string): void {
    this.#socket = socket;
    let handedOver = false;
    this.#client = new Client(origin, {
      allowH2: this.#http2,
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
    own(() => {
      this.#listener.now = now;
      this.#listener.openFailed(this.#slot, kind);
    });
  }

  #completed(): void {
    if (this.#ended) return;
    // To undici, a reset is as good an end as any of a body that only the end delimits.
    if (this.#socketError !== null) {
      this.#fail(requestErrorKind(this.#socketError));
      return;
    }
    this.#busy = false;
    const matcher = this.#compiled!.bodyMatcher;
    const matched = matcher === null || matcher.isFound(this.#matchState);
    const reusable = this.#socket?.destroyed === false;
    if (!reusable) this.#end();
    this.#listener.now = this.#receivedAt;
    this.#listener.responded(this.#slot, this.#status, matched, reusable);
  }

  /** The request under way failed; told as soon as undici is done with it. */
  #fail(kind: RequestErrorKind): void {
    this.#busy = false;
    const now = nowMicros();
    this.#end();
    process.nextTick(() =>
      own(() => {
        if (this.#closed) return;
        this.#listener.now = now;
        this.#listener.failed(this.#slot, kind);
      }),
    );
  }

  #lost(): void {
    this.#end();
    const now = nowMicros();
    own(() => {
      this.#listener.now = now;
      this.#listener.lost(this.#slot);
    });
  }

  #socketClosed(): void {
    // While a request is under way, its handler hears of the end with the reason.
    if (!this.#ended && !this.#busy) this.#lost();
  }

  /** The client first: a socket that is gone before it makes it throw. */
  #end(): void {
    if (this.#ended) return;
    this.addTraffic(this.#past);
    this.#ended = true;
    contain(this, () => {
      this.#client?.destroy(closedByUs).catch(() => undefined);
      if (this.#socket === null) this.#opening?.destroy();
      else this.#socket.destroy(closedByUs);
    });
  }

  #kindOf(error: Error): RequestErrorKind | null {
    if (this.#socketError !== null) return requestErrorKind(this.#socketError);
    const kind = undiciErrorKind(error);
    // HTTP/2 has other frames to read, too.
    const began = this.#http2 ? this.#status !== 0 : this.#socket!.bytesRead > this.#readBefore;
    return kind === 'closed-before-response' && began ? 'truncated' : kind;
  }

  /**
   * undici takes the length of a 304, or 204, for one that must follow (RFC 9110 §8.6). The response
   * is complete, though undici has closed the connection.
   */
  #isBodiless(error: Error): boolean {
    const bodiless = this.#status === 304 || this.#status === 204;
    return bodiless && codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
  }
}

function codeOf(error: Error): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
