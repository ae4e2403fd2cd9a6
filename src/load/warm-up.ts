import { nowMicros } from '../basis/clock.js';
import type { Engine, EngineSetup } from './engine.js';
import type { WorkerSetup } from './messages.js';
import { isSecure, speaksWebSocket, type LoadPlan, type RequestSpec } from './plan.js';
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

/**
 * Runs the worker's whole path against a server of c1m's own, so that V8 has compiled it before the
 * first request that counts; the target sees nothing of it. In bursts, with pauses in which the
 * compiler's thread, which may have to share the CPU, gets its turn.
 * @returns why it was for nothing; null where it was not
 */
export async function warmUp(
  { plan, spin }: WorkerSetup,
  createEngine: (setup: EngineSetup) => Engine,
  port: number,
): Promise<string | null> {
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
  return answered > 0 ? null : `nothing was answered: ${errors.join(', ')}`;
}

function warmUpPlan(plan: LoadPlan, port: number): LoadPlan {
  const address = '127.0.0.1';
  const requests = plan.requests.map(speaksWebSocket(plan) ? asEcho : asPlain);
  // Only the kinds that the load will have: to V8, a call with one kind behind it is cheaper.
  const kinds = [...new Set(plan.phases.map(({ arrival }) => arrival.kind))];
  const working = kinds.filter((kind) => kind !== 'idle');
  return {
    ...plan,
    origins: [
      {
        ...{ protocol: isSecure(plan) ? 'https:' : 'http:', hostname: address, address, port },
        ...(speaksWebSocket(plan) ? { webSocket: true } : {}),
      },
    ],
    requests,
    // The server shows a certificate that it has signed itself, and asks for none.
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

const nothingExpected = { status: null, bodyContains: null };

/** The server answers whatever ends with its head, and every call. */
function asPlain(request: RequestSpec): RequestSpec {
  const plain = { ...request, expect: nothingExpected, stream: null };
  return request.grpc === undefined ? { ...plain, method: 'GET', body: null } : plain;
}

/** It gives back what is short. */
function asEcho(request: RequestSpec): RequestSpec {
  return { ...request, body: 'hello {seq}', expect: nothingExpected };
}
