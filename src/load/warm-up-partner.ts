import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { uringSupport } from '../uring/support.js';
import { isSecure, speaksGrpc, speaksWebSocket, type LoadPlan } from './plan.js';

/** Shorter loads are over before the compiler is. */
const fewestRequests = 10_000;
const shortestMicros = 1_000_000;

/** What a load speaks, and so the server that it warms up against. */
export interface Spoken {
  readonly protocol: 'http1' | 'http2' | 'grpc' | 'websocket';
  readonly secure: boolean;
}

/** The server that load workers warm up against: a thread of its own, for as long as that takes. */
export class WarmUpPartner {
  readonly port: number;
  readonly #worker: Worker;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.port = port;
  }

  /** null where it would do no good, or cannot be. */
  static async start(plan: LoadPlan): Promise<WarmUpPartner | null> {
    if (!isWorthIt(plan) || !(await uringSupport()).available) return null;
    const worker = new Worker(new URL('../serve/warm-up-server.js', import.meta.url), {
      name: 'c1m-warm-up',
      workerData: spokenBy(plan),
    });
    const [port] = (await once(worker, 'message')) as [number];
    return new WarmUpPartner(worker, port);
  }

  async stop(): Promise<void> {
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage('stop');
    await exited;
  }
}

function spokenBy(plan: LoadPlan): Spoken {
  const overHttp2 = speaksGrpc(plan) ? 'grpc' : 'http2';
  const overHttp1 = speaksWebSocket(plan) ? 'websocket' : 'http1';
  return { protocol: plan.http2 ? overHttp2 : overHttp1, secure: isSecure(plan) };
}

/** A fan-out answers nobody, and undici's HTTP/2 is not c1m's own. */
function isWorthIt({ phases, fanOut, engine, http2 }: LoadPlan): boolean {
  if (fanOut !== null || (http2 && engine === 'undici')) return false;
  return phases.some(({ arrival, durationMicros, requests }) => {
    if (arrival.kind === 'idle') return false;
    const enough = typeof requests !== 'number' || requests >= fewestRequests;
    return enough && (durationMicros ?? Infinity) >= shortestMicros;
  });
}
