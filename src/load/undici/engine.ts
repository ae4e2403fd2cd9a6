import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { compileRequests, type CompiledRequest } from '../protocol/http1/request-encoder.js';
import type { Negotiated } from '../negotiated.js';
import type { LoadPlan, Origin } from '../plan.js';
import type { EngineSetup, Traffic } from '../engine.js';
import { EventLoopEngine } from '../transport/event-loop-engine.js';
import { nodeContext, nodeOptions } from '../../tls/node-options.js';
import { serverNameOf } from '../server-name.js';
import { Connection, never, type Connector, type Surroundings } from './connection.js';

/** What an application's own client would do: undici's `Client`, HTTP/1.1 or HTTP/2, plain or TLS. */
export class UndiciEngine extends EventLoopEngine<Connection> {
  /** By origin, since each has a Host of its own, and then by request. */
  readonly #requests: readonly (readonly CompiledRequest[])[];
  readonly #connectors: readonly Connector[];
  /** Of connections that are closed; those that are open are asked. */
  readonly #past: Traffic = { sent: 0, received: 0 };
  readonly #around: Surroundings;

  constructor(setup: EngineSetup) {
    const { plan, listener } = setup;
    super(setup, plan.http2 ? plan.streams : 1);
    this.#requests = plan.origins.map((origin) => compileRequests(plan, origin));
    this.#connectors = plan.origins.map((origin) => createConnector(plan, origin));
    const agreed = (negotiated: Negotiated, socket: Socket): void => {
      this.agreed(negotiated);
      this.handshaken(socket);
    };
    const { failureReasons } = this;
    this.#around = {
      plan,
      numbers: this.numbers,
      listener,
      past: this.#past,
      agreed,
      failureReasons,
    };
  }

  get traffic(): Traffic {
    const total = { ...this.#past };
    for (const connection of this.connections) connection?.addTraffic(total);
    return total;
  }

  protected connect(slot: number, origin: number): Connection {
    const [requests, connector] = [this.#requests[origin]!, this.#connectors[origin]!];
    const to = this.setup.plan.origins[origin]!;
    return new Connection(slot, this.#around, to, requests, connector);
  }
}

function createConnector(plan: LoadPlan, origin: Origin): Connector {
  const options = {
    allowH2: plan.http2,
    useH2c: plan.http2 && origin.protocol === 'http:',
    timeout: never,
    ...(origin.protocol === 'https:'
      ? {
          ...nodeOptions(serverNameOf(origin, plan.tls), plan.tls),
          secureContext: nodeContext(plan.tls),
        }
      : {}),
    // One session for all connections: undici's own way.
    maxCachedSessions: plan.tls.resume ? 1 : 0,
  };
  return buildConnector(options);
}
