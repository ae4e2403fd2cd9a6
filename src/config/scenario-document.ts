import { createHash } from 'node:crypto';
import type { Ramp } from '../basis/ramp.js';
import type { GrpcCall } from '../load/grpc-call.js';
import type { Phase, RequestSpec } from '../load/plan.js';
import type { TlsSettings } from '../tls/settings.js';
import { keptBody, keptHeader, keptUrl } from './secrets.js';
import type { Scenario, SchedulingLoads } from './scenario.js';

/**
 * A scenario in the words of its file, with flags and defaults settled: what a result keeps, so that
 * the load can be understood, and repeated where it holds no secrets (secrets.ts says what is kept).
 */
export function scenarioDocument(scenario: Scenario): unknown {
  const { data } = scenario;
  return {
    name: scenario.name,
    description: scenario.description,
    requests: scenario.requests.map((request, _, { length }) => ({
      // Of the only one, nobody tells figures apart.
      ...(length === 1 ? {} : { name: request.name }),
      ...requestDocument(request),
    })),
    ...(data === null
      ? {}
      : { data: `${data.rows.length} rows, sha256 ${sha256(JSON.stringify(data))}` }),
    phases: scenario.phases.map(phaseDocument),
    keepAlive: scenario.keepAlive,
    timeout: duration(scenario.timeoutMicros),
    connectTimeout: duration(scenario.connectTimeoutMicros),
    ...(scenario.deadlineMicros === null ? {} : { deadline: duration(scenario.deadlineMicros) }),
    engine: scenario.engine,
    http2: scenario.http2,
    ...callsDocument(scenario.requests[0]?.grpc),
    ...(scenario.webSocket ? { protocol: 'websocket' } : {}),
    ...tlsDocument(scenario.tls),
    ...(scenario.unix === null ? {} : { unix: scenario.unix }),
    ...(scenario.proxyProtocol === null ? {} : { proxyProtocol: scenario.proxyProtocol }),
    ...(scenario.fanOut ? { fanOut: true } : {}),
    ...(scenario.streams === 1 ? {} : { streams: scenario.streams }),
    ...(scenario.threads === null ? {} : { threads: scenario.threads }),
    ...(scenario.scheduling === null
      ? {}
      : { scheduling: schedulingDocument(scenario.scheduling) }),
    ...(scenario.targets.length === 0 ? {} : { targets: scenario.targets }),
    trials: scenario.trials,
    seed: scenario.seed,
    ...(scenario.failIf.length === 0 ? {} : { failIf: scenario.failIf.map(({ text }) => text) }),
  };
}

function requestDocument(request: RequestSpec): object {
  const { method, path, weight, headers, body, expect, stream, grpc } = request;
  const names = [...new Set(headers.map(([name]) => name))];
  return {
    ...(grpc === undefined ? { method, path: keptUrl(path) } : callDocument(grpc, headers)),
    weight,
    headers: Object.fromEntries(
      names.map((name) => [
        name,
        headers.filter(([n]) => n === name).map(([, value]) => keptHeader(name, value)),
      ]),
    ),
    ...(typeof body === 'string' ? { body: keptBody(body, headers) } : {}),
    ...(body instanceof Uint8Array
      ? { bodyFile: `${keptBody(body, headers)}, sha256 ${sha256(body)}` }
      : {}),
    ...(stream === null ? {} : { stream: stream === 'auto' ? true : stream }),
    expect: {
      ...(expect.status === null ? {} : { status: expect.status }),
      ...(expect.bodyContains === null ? {} : { bodyContains: keptBody(expect.bodyContains, []) }),
    },
    ...(stream === null ? {} : { stream: stream === 'auto' ? true : stream }),
  };
}

/** What all calls of a scenario have in common. */
function callsDocument(call: GrpcCall | undefined): object {
  if (call === undefined) return {};
  const { files, pingPong } = call;
  return {
    protocol: 'grpc',
    ...(files === null ? {} : { proto: files.files }),
    ...(files === null || files.importPaths.length === 0 ? {} : { protoPath: files.importPaths }),
    ...(pingPong ? { pingPong } : {}),
  };
}

/** Of octets from a file, nothing else is known. */
function callDocument(
  { method, written, messages }: GrpcCall,
  headers: RequestSpec['headers'],
): object {
  if (written !== null) return { call: method, message: keptBody(written, headers) };
  const octets = messages.flat().flatMap((part) => (part.kind === 'octets' ? [part.octets] : []));
  return { call: method, message: `sha256 ${sha256(Buffer.concat(octets))}` };
}

/** What is not as usual. Of a key, nothing is kept. */
function tlsDocument(tls: TlsSettings): { readonly tls?: object } {
  const { authorities, identity } = tls;
  const written = {
    ...(tls.verify ? {} : { verify: false }),
    ...(authorities === null ? {} : { cacert: `sha256 ${sha256(authorities)}` }),
    ...(identity === null ? {} : { cert: `sha256 ${sha256(identity.certificate)}` }),
    ...(tls.minVersion === null ? {} : { min: tls.minVersion }),
    ...(tls.maxVersion === null ? {} : { max: tls.maxVersion }),
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
    ...(tls.resume ? {} : { resume: false }),
  };
  return Object.keys(written).length === 0 ? {} : { tls: written };
}

function schedulingDocument(loads: SchedulingLoads): unknown {
  return {
    rate: loads.lowRatePerSecond,
    rateConnections: loads.lowConnections,
    loads: loads.shares.map((share) => `${Math.round(share * 1000) / 10}%`),
    connections: loads.connections,
    duration: duration(loads.durationMicros),
  };
}

function phaseDocument({ name, arrival, ...phase }: Phase): unknown {
  return {
    name,
    ...(phase.durationMicros === null ? {} : { duration: duration(phase.durationMicros) }),
    ...(phase.requests === null ? {} : { requests: phase.requests }),
    connections: rampDocument(phase.connections),
    ...(arrival.kind === 'closed' ? { arrival: 'closed' } : {}),
    ...(arrival.kind === 'open' ? { rate: rampDocument(arrival.ratePerSecond) } : {}),
    ...(arrival.kind === 'idle' ? { rate: 0, touch: arrival.touch } : {}),
    record: phase.record,
  };
}

function rampDocument({ from, to }: Ramp): number | Ramp {
  return from === to ? from : { from, to };
}

function duration(micros: number): string {
  if (micros % 1e6 === 0) return `${micros / 1e6}s`;
  return micros % 1e3 === 0 ? `${micros / 1e3}ms` : `${micros}us`;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
