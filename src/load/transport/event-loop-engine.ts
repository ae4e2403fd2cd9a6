import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { distinct, type Handshakes, type Negotiated } from '../negotiated.js';
import { FailureReasons } from '../failure-reasons.js';
import { ExchangeNumbers } from '../exchange-numbers.js';
import type { Engine, EngineSetup, Tick, Traffic } from '../engine.js';
import { driveEventLoop } from './event-loop.js';
import { originOf } from './origin.js';

/**
 * What connect(2) says of a Unix socket whose listen queue is full (EAGAIN, unix(7)). TCP would wait for
 * a place in it, and so does io_uring.
 */
export const queueFull = 'EAGAIN';
const queuePauseMillis = 4;

/** One connection of an engine that lives on Node's event loop; events go to the listener. */
export interface LoopConnection {
  send(exchange: number, request: number, sequence: number): void;
  /** @returns as the engine's */
  cancel(exchange: number): boolean;
  /** May be called again. */
  close(): void;
}

/** What engines on Node's event loop share: a connection object per slot, and the loop itself. */
export abstract class EventLoopEngine<C extends LoopConnection> implements Engine {
  abstract readonly traffic: Traffic;
  protected readonly setup: EngineSetup;
  readonly numbers: ExchangeNumbers;
  protected readonly connections: (C | undefined)[];
  readonly handshakes: Handshakes = { full: 0, resumed: 0 };
  readonly failureReasons = new FailureReasons();
  #negotiated: readonly Negotiated[] = [];

  /** @param streams how many requests a connection carries at once */
  constructor(setup: EngineSetup, streams: number) {
    this.setup = setup;
    this.numbers = new ExchangeNumbers(setup.slots, streams);
    this.connections = new Array<C | undefined>(setup.slots).fill(undefined);
  }

  /** @param origin index into the plan's */
  protected abstract connect(slot: number, origin: number): C;

  get negotiated(): readonly Negotiated[] {
    return this.#negotiated;
  }

  protected agreed(negotiated: Negotiated): void {
    this.#negotiated = distinct([...this.#negotiated, negotiated]);
  }

  /** Counts the TLS handshake of a socket that is open; a plain one has none. */
  protected handshaken(socket: Socket): void {
    if (!(socket instanceof TLSSocket)) return;
    if (socket.isSessionReused()) this.handshakes.resumed++;
    else this.handshakes.full++;
  }

  open(slot: number): void {
    const { plan, shard } = this.setup;
    const origin = originOf(slot, shard, plan.origins.length);
    this.connections[slot] = this.connect(slot, origin);
  }

  /** The listen queue is full: tries again, until the slot is closed. */
  protected openAgain(slot: number): void {
    const failed = this.connections[slot];
    failed?.close();
    setTimeout(() => {
      if (failed !== undefined && this.connections[slot] === failed) this.open(slot);
    }, queuePauseMillis);
  }

  send(exchange: number, request: number, sequence: number): void {
    const connection = this.numbers.connectionOf(exchange);
    this.connections[connection]!.send(exchange, request, sequence);
  }

  cancel(exchange: number): boolean {
    const connection = this.numbers.connectionOf(exchange);
    const reusable = this.connections[connection]!.cancel(exchange);
    if (!reusable) this.endOnceIdle(connection);
    return reusable;
  }

  conclude(): boolean {
    return true;
  }

  /** The connection takes no further request. */
  protected endOnceIdle(slot: number): void {
    this.close(slot);
  }

  close(slot: number): void {
    this.connections[slot]?.close();
    this.connections[slot] = undefined;
  }

  drive(tick: Tick): Promise<void> {
    return driveEventLoop(tick, this.setup.spin);
  }

  dispose(): Promise<void> {
    for (const connection of this.connections) connection?.close();
    this.connections.length = 0;
    return Promise.resolve();
  }
}
