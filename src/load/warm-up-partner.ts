import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { uringSupport } from '../uring/support.js';
import { isSecure, speaksWebSocket, unitOf, type LoadPlan } from './plan.js';

/** Shorter loads are over before the compiler is. */
const fewestRequests = 10_000;
const shortestMicros = 1_000_000;

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
      workerData: { spoken: spokenBy(plan), secure: isSecure(plan) },
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

/** What the server has to answer in. */
function spokenBy(plan: LoadPlan): 'http1' | 'http2' | 'grpc' | 'websocket' {
  if (speaksWebSocket(plan)) return 'websocket';
  if (unitOf(plan) === 'call') return 'grpc';
  return plan.http2 ? 'http2' : 'http1';
}

/** Receivers of a fan-out do not wait for what they sent, and undici's HTTP/2 is not c1m's own. */
function isWorthIt(plan: LoadPlan): boolean {
  const { http2, engine, fanOut, phases } = plan;
  if (fanOut !== null || (http2 && engine === 'undici')) return false;
  return phases.some(({ arrival, durationMicros, requests }) => {
    if (arrival.kind === 'idle') return false;
    const enough = typeof requests !== 'number' || requests >= fewestRequests;
    return enough && (durationMicros ?? Infinity) >= shortestMicros;
  });
}
