import { nowMicros } from '../basis/clock.js';
import type { Engine, EngineSetup } from './engine.js';
import type { WorkerSetup } from './messages.js';
import { isSecure, speaksWebSocket, type LoadPlan, type Origin, type RequestSpec } from './plan.js';
import { ShardRunner } from './shard-runner.js';

const bursts = 12;
const requestsInBurst = 2_500;
const connections = 32;
const pauseMillis = 10;
/** However slow the machine is just now: it goes cold rather than keep the user waiting. */
const longestMicros = 1_500_000;
const longestBurstMicros = 100_000;
/** Of all connections at once, over TLS on a busy machine. */
const longestHandshakeMicros = 1_000_000;

/** What became of it. */
export interface WarmUp {
  readonly answered: number;
  /** Of the last burst, by their names. */
  readonly errors: readonly string[];
}

/**
 * Runs the worker's whole path against a server of c1m's own, so that V8 has compiled it before the
 * first request that counts; the target sees nothing of it. In bursts, with pauses in which the
 * compiler's thread, which may have to share the CPU, gets its turn.
 */
export async function warmUp(
  { plan, spin }: WorkerSetup,
  createEngine: (setup: EngineSetup) => Engine,
  port: number,
): Promise<WarmUp> {
  let answered = 0;
  let errors: readonly string[] = [];
  const shard = { index: 0, count: 1 };
  const end = nowMicros() + longestMicros;
  await new Promise<void>((resolve, reject) => {
    const runner = new ShardRunner({ plan: warmUpPlan(plan, port), shard, spin }, createEngine, {
      prepared: () => runner.begin(nowMicros()),
      progress: () => undefined,
      interval: () => undefined,
      finished: ({ phase, tally }) => {
        answered += tally.responses;
        errors = [...Object.keys(tally.connectErrors), ...Object.keys(tally.errors)];
        if (phase + 1 === bursts || nowMicros() > end) runner.exit();
        else setTimeout(() => runner.prepare(phase + 1), pauseMillis);
      },
    });
    runner.prepare(0);
    runner.run().then(resolve, reject);
  });
  return { answered, errors };
}

function warmUpPlan(plan: LoadPlan, port: number): LoadPlan {
  const address = '127.0.0.1';
  const origin: Origin = {
    protocol: isSecure(plan) ? 'https:' : 'http:',
    hostname: address,
    address,
    port,
    ...(speaksWebSocket(plan) ? { webSocket: true } : {}),
  };
  const requests = plan.requests.map((request) => answerable(request, origin));
  // Only the kinds that the load will have: to V8, a call with one kind behind it is cheaper.
  const kinds = [...new Set(plan.phases.map(({ arrival }) => arrival.kind))];
  const working = kinds.filter((kind) => kind !== 'idle');
  return {
    ...plan,
    origins: [origin],
    requests,
    // The server asks for no certificate, and nobody has signed its own.
    tls: { ...plan.tls, verify: false, authorities: null, identity: null, serverName: null },
    phases: Array.from({ length: bursts }, (_, burst) => ({
      name: '',
      durationMicros: longestBurstMicros,
      requests: requestsInBurst,
      connections: { from: connections, to: connections },
      // The path of the load that follows, and at the end the other one.
      arrival: arrivals[working[burst % working.length]!],
      record: burst % 2 === 0,
    })),
    proxyProtocol: null,
    keepAlive: true,
    connectRatePerSecond: null,
    localAddresses: null,
    timeoutMicros: longestBurstMicros,
    connectTimeoutMicros: longestHandshakeMicros,
    deadlineMicros: null,
  };
}

const arrivals = {
  closed: { kind: 'closed' },
  open: { kind: 'open', ratePerSecond: { from: 50_000, to: 50_000 } },
} as const;

/** The server answers what ends with its head, messages of WebSockets, and calls, with one message. */
function answerable(request: RequestSpec, { webSocket }: Origin): RequestSpec {
  const expect = { status: null, bodyContains: null };
  const { grpc } = request;
  // A call that is held open has no end to answer.
  if (grpc !== undefined) return { ...request, grpc: { ...grpc, pingPong: false }, expect };
  if (webSocket === true) return { ...request, body: 'hello {seq}', expect };
  return { ...request, method: 'GET', body: null, expect, stream: null };
}
