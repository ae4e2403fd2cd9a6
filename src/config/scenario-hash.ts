import { createHash } from 'node:crypto';
import type { GrpcCall } from '../load/grpc-call.js';
import type { EngineName } from '../load/plan.js';
import type { Scenario } from './scenario.js';

/**
 * Equal hashes mean equal load: what a stored baseline is matched by. Names and descriptions take
 * no part, nor does how often the load is repeated.
 */
export function scenarioHash(scenario: Scenario, engine: EngineName): string {
  const { requests, data, phases, keepAlive, timeoutMicros, connectTimeoutMicros } = scenario;
  const load = {
    requests: requests.map((request) => ({
      ...request,
      // Left out of the JSON: it is no part of the load.
      name: undefined,
      // What was stored before there were any is matched still.
      stream: request.stream ?? undefined,
      grpc: request.grpc && callHashed(request.grpc),
      body: request.body === null ? null : Buffer.from(request.body as string).toString('base64'),
    })),
    data,
    phases: phases.map((phase) => ({ ...phase, name: null })),
    ...{ keepAlive, timeoutMicros, connectTimeoutMicros },
    deadlineMicros: scenario.deadlineMicros,
    engine,
    ...(scenario.scheduling === null ? {} : { scheduling: scenario.scheduling }),
    http2: scenario.http2,
    // Who is trusted, and who shows a certificate, is no part of the load.
    ...(scenario.tls.minVersion === null ? {} : { tlsMin: scenario.tls.minVersion }),
    ...(scenario.tls.maxVersion === null ? {} : { tlsMax: scenario.tls.maxVersion }),
    ...(scenario.tls.resume ? {} : { resume: false }),
    ...(scenario.proxyProtocol === null ? {} : { proxyProtocol: scenario.proxyProtocol }),
    // What was stored before there were any is matched still.
    ...(scenario.streams === 1 ? {} : { streams: scenario.streams }),
    ...(scenario.webSocket ? { webSocket: true } : {}),
    ...(scenario.fanOut ? { fanOut: true } : {}),
    ...(scenario.threads === null ? {} : { threads: scenario.threads }),
    seed: scenario.seed,
  };
  return createHash('sha256').update(canonicalJson(load)).digest('hex').slice(0, 16);
}

/** Where the files are that describe it is no part of the load. */
function callHashed({ pingPong, ...call }: GrpcCall): object {
  return { ...call, files: undefined, ...(pingPong ? { pingPong } : {}) };
}

/** JSON with the keys of each object in order, so that equal values are equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
