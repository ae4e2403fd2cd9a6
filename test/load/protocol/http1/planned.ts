import {
  CompiledRequest,
  compileRequests,
} from '../../../../src/load/protocol/http1/request-encoder.js';
import { tlsDefaults } from '../../../../src/tls/settings.js';
import type { DataTable, LoadPlan, Origin, RequestSpec } from '../../../../src/load/plan.js';

export const ORIGIN: Origin = {
  protocol: 'http:',
  hostname: 'example.test',
  port: 8080,
  address: '127.0.0.1',
};

export interface Wanted extends Partial<RequestSpec> {
  readonly data?: DataTable;
  readonly keepAlive?: boolean;
  readonly seed?: number;
  readonly origin?: Origin;
}

/** A plan of one request and no phases, with what a test does not care about filled in. */
export function planned(wanted: Wanted = {}): LoadPlan {
  const { data = null, keepAlive = true, seed = 1, origin = ORIGIN, ...given } = wanted;
  const request: RequestSpec = {
    name: 'GET /',
    method: 'GET',
    path: '/',
    headers: [],
    body: null,
    weight: 1,
    expect: { status: null, bodyContains: null },
    stream: null,
    ...given,
  };
  return {
    origins: [origin],
    requests: [request],
    data,
    phases: [],
    engine: 'net',
    http2: false,
    streams: 1,
    fanOut: null,
    tls: tlsDefaults,
    proxyProtocol: null,
    threads: 1,
    keepAlive,
    timeoutMicros: 1e6,
    connectRatePerSecond: null,
    localAddresses: null,
    memoryLimit: { kind: 'share', share: 0.8 },
    connectTimeoutMicros: 1e6,
    deadlineMicros: null,
    seed,
    userAgent: 'c1m/test',
  };
}

export function compile(wanted: Wanted = {}): CompiledRequest {
  const plan = planned(wanted);
  return compileRequests(plan, plan.origins[0]!)[0]!;
}

/** Request number `sequence` as `encode` writes it. */
export function encoded(request: CompiledRequest, sequence = 0): string {
  const target = request.createTarget();
  return target.toString('utf8', 0, request.encode(target, sequence));
}
