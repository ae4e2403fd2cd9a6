import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { nowMicros } from '../../measure/clock.js';
import { connectErrorKind, requestErrorKind } from '../errors.js';
import type { CompiledRequest } from '../http1/request-encoder.js';
import type { LoadPlan, Origin } from '../plan.js';
import type { EngineListener, EngineSetup, Traffic } from './engine.js';
import { EventLoopEngine, type LoopConnection } from './event-loop-engine.js';

/** undici has timeouts of its own; the shard runner's count, the same for all engines. */
const never = 0;

/** What an application's own client would do: undici's `Client`, HTTP/1.1 or HTTP/2, plain or TLS. */
export class UndiciEngine extends EventLoopEngine<Connection> {
  readonly #connectors: ReadonlyMap<Origin, buildConnector.connector>;
  /** Of connections that are closed; those that are open are asked. */
  readonly #past: Traffic = { sent: 0, received: 0 };

  constructor(setup: EngineSetup) {
    super(setup);
    const { plan } = setup;
    this.#connectors = new Map(plan.origins.map((o) => [o, createConnector(plan, o)]));
  }

  get traffic(): Traffic {
    const total = { ...this.#past };
    for (const connection of this.connections) connection?.addTraffic(total);
    return total;
  }

  protected connect(
    slot: number,
    origin: Origin,
    requests: readonly CompiledRequest[],
  ): Connection {
    const { plan, listener } = this.setup;
    const connector = this.#connectors.get(origin)!;
    return new Connection(slot, plan, origin, requests, connector, listener, this.#past);
  }
}

function createConnector(plan: LoadPlan, origin: Origin): buildConnector.connector {
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
 */
class Connection implements LoopConnection, Dispatcher.DispatchHandler {
  readonly #slot: number;
  readonly #requests: readonly CompiledRequest[];
  readonly #listener: EngineListener;
  /** Takes what this connection carried, once it is closed. */
  readonly #past: Traffic;
  #socket: Socket | null = null;
  #client: Client | null = null;
  #compiled: CompiledRequest | null = null;
  #closed = false;
  #busy = false;
  #status = 0;
  #matchState = 0;
  #receivedAt = 0;
  #started = false;

  constructor(
    slot: number,
    plan: LoadPlan,
    origin: Origin,
    requests: readonly CompiledRequest[],
    connector: buildConnector.connector,
    listener: EngineListener,
    past: Traffic,
  ) {
    this.#slot = slot;
    this.#past = past;
    this.#requests = requests;
    this.#listener = listener;
    const { protocol, hostname, port, address } = origin;
    const servername = isIP(hostname) === 0 ? hostname : '';
    connector(
      { hostname: address, host: hostname, protocol, port: String(port), servername },
      (error, socket) => {
        if (error !== null) this.#openFailed(error);
        else if (this.#closed) socket.destroy();
        else this.#opened(socket, plan, `${protocol}//${hostname}:${port}`);
      },
    );
  }

  /** Adds what it has carried so far; nothing once it is closed. */
  addTraffic(total: Traffic): void {
    if (this.#socket === null || this.#closed) return;
    total.sent += this.#socket.bytesWritten;
    total.received += this.#socket.bytesRead;
  }

  send(request: number, sequence: number): void {
    const compiled = this.#requests[request]!;
    this.#compiled = compiled;
    this.#busy = true;
    this.#started = false;
    this.#matchState = 0;
    this.#client!.dispatch(compiled.materialize(sequence), this);
  }

  close(): void {
    if (this.#closed) return;
    this.addTraffic(this.#past);
    this.#closed = true;
    this.#socket?.destroy();
    this.#client?.destroy().catch(() => undefined);
  }

  onRequestStart(): void {
    // Required of a handler; the send was noted when it was ordered.
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    this.#started = true;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const matcher = this.#compiled!.bodyMatcher;
    if (matcher === null) return;
    this.#matchState = matcher.advance(this.#matchState, chunk, 0, chunk.length);
  }

  onResponseEnd(): void {
    if (this.#closed) return;
    this.#receivedAt = nowMicros();
    // undici drops a connection that may not be reused just after this call, not before it.
    process.nextTick(() => this.#completed());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#closed || !this.#busy) return;
    this.close();
    const kind = requestErrorKind((error as NodeJS.ErrnoException).code, error.name);
    const cut = kind === 'closed-before-response' && this.#started;
    this.#listener.now = nowMicros();
    this.#listener.failed(this.#slot, cut ? 'truncated' : kind);
  }

  #opened(socket: Socket, plan: LoadPlan, origin: string): void {
    this.#socket = socket;
    let handedOver = false;
    this.#client = new Client(origin, {
      allowH2: plan.http2,
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
    socket.once('close', () => this.#socketClosed());
    socket.on('error', () => undefined);
    this.#listener.now = nowMicros();
    this.#listener.opened(this.#slot);
  }

  #openFailed(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.now = nowMicros();
    this.#listener.openFailed(this.#slot, connectErrorKind((error as NodeJS.ErrnoException).code));
  }

  #completed(): void {
    if (this.#closed) return;
    this.#busy = false;
    const matcher = this.#compiled!.bodyMatcher;
    const matched = matcher === null || matcher.isFound(this.#matchState);
    const reusable = this.#socket?.destroyed === false;
    if (!reusable) this.close();
    this.#listener.now = this.#receivedAt;
    this.#listener.responded(this.#slot, this.#status, matched, reusable);
  }

  #socketClosed(): void {
    // While a request is under way, its handler hears of the end with the reason.
    if (this.#closed || this.#busy) return;
    this.close();
    this.#listener.now = nowMicros();
    this.#listener.lost(this.#slot);
  }
}
