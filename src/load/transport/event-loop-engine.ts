import { distinct, type Negotiated } from '../negotiated.js';
import type { Engine, EngineSetup, Tick, Traffic } from '../engine.js';
import { driveEventLoop } from './event-loop.js';
import { originOf } from './origin.js';

/** One connection of an engine that lives on Node's event loop; events go to the listener. */
export interface LoopConnection {
  send(request: number, sequence: number): void;
  /** May be called again. */
  close(): void;
}

/** What engines on Node's event loop share: a connection object per slot, and the loop itself. */
export abstract class EventLoopEngine<C extends LoopConnection> implements Engine {
  abstract readonly traffic: Traffic;
  protected readonly setup: EngineSetup;
  protected readonly connections: (C | undefined)[];
  #negotiated: readonly Negotiated[] = [];

  constructor(setup: EngineSetup) {
    this.setup = setup;
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

  open(slot: number): void {
    const { plan, shard } = this.setup;
    const origin = originOf(slot, shard, plan.origins.length);
    this.connections[slot] = this.connect(slot, origin);
  }

  send(slot: number, request: number, sequence: number): void {
    this.connections[slot]!.send(request, sequence);
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
