import type { Ramp } from '../basis/ramp.js';
import type { AddressRange } from '../basis/address-range.js';
import type { MemoryLimit } from '../basis/memory-limit.js';
import { isSocketPath } from '../basis/socket-path.js';
import { answersWithMany, type GrpcCall } from './grpc-call.js';
import type { TlsSettings } from '../tls/settings.js';
import type { FanOut } from './fan-out.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';

/**
 * What is to be done, once flags, files and defaults are settled: plain data, so that it can cross
 * into worker threads. Times are microseconds, rates are per second; both carry it in their names.
 */

export type EngineName = 'uring' | 'net' | 'undici';

/**
 * When requests start (Schroeder et al., "Open versus closed", NSDI 2006).
 * closed: a connection sends its next request when the last was answered.
 * open: requests start at a given rate, whatever the server does.
 * idle: connections are held and nothing is sent; with `touch`, each is served once when it opens.
 */
export type Arrival =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly ratePerSecond: Ramp }
  | { readonly kind: 'idle'; readonly touch: boolean };

export interface Phase {
  readonly name: string;
  /** null: until `requests` are used up. */
  readonly durationMicros: number | null;
  /**
   * Exactly so many requests at the most; `each`: one for each connection that is open when the phase
   * begins; null: as many as the duration gives.
   */
  readonly requests: number | 'each' | null;
  readonly connections: Ramp;
  readonly arrival: Arrival;
  readonly record: boolean;
  /** Which of the origins is loaded, while the connections to the others idle; absent: all. */
  readonly origin?: number;
}

/** Whether all that is loaded are WebSockets; plans do not mix them with others. */
export function speaksWebSocket({
  origins,
}: {
  readonly origins: readonly Pick<Origin, 'webSocket'>[];
}): boolean {
  return origins.some(({ webSocket }) => webSocket === true);
}

/** Whether any of them is a call of gRPC; plans do not mix them with others. */
export function speaksGrpc({ requests }: Pick<LoadPlan, 'requests'>): boolean {
  return requests.some(({ grpc }) => grpc !== undefined);
}

/** What the plan's requests are called. */
export function unitOf(
  plan: Pick<LoadPlan, 'requests'> & Parameters<typeof speaksWebSocket>[0],
): ExchangeUnit {
  if (speaksWebSocket(plan)) return 'message';
  const call = plan.requests.find(({ grpc }) => grpc !== undefined)?.grpc;
  if (call === undefined) return 'request';
  return call.pingPong ? 'message' : 'call';
}

/** Whether its answer is told event by event: of a call, message by message. */
export function isStream({ stream, grpc }: Pick<RequestSpec, 'stream' | 'grpc'>): boolean {
  return stream !== null || (grpc !== undefined && !grpc.pingPong && answersWithMany(grpc));
}

/** Whether any request asks for a stream of events. */
export function asksForStreams({ requests }: Pick<LoadPlan, 'requests'>): boolean {
  return requests.some(isStream);
}

/** As many as are open at once in any of the phases. */
export function mostConnections(phases: readonly Phase[]): number {
  return Math.max(...phases.map(({ connections: { from, to } }) => Math.max(from, to)));
}

export interface ResponseCheck {
  /** null: any status is an answer. */
  readonly status: number | null;
  readonly bodyContains: string | null;
}

/**
 * As what streams of events a response is read: server-sent events (WHATWG HTML §9.2), lines of JSON,
 * or what its Content-Type says.
 */
export type StreamFormat = 'auto' | 'sse' | 'ndjson';

/** One kind of request. */
export interface RequestSpec {
  /** By which its figures are told from those of the others: no two of a plan have the same. */
  readonly name: string;
  readonly method: string;
  /** Empty: the origin's. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | null;
  readonly weight: number;
  readonly expect: ResponseCheck;
  /** Its response is a stream of events, and lasts as long as it lasts; null: it is not. */
  readonly stream: StreamFormat | null;
  /** It is a call of gRPC, whose messages are its body. */
  readonly grpc?: GrpcCall;
}

/** The rows of a CSV file, by column, for `{row.name}`. */
export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Origin {
  readonly protocol: 'http:' | 'https:';
  /** As the user wrote it: for the Host field and the certificate. */
  readonly hostname: string;
  readonly port: number;
  /** The IP address that connections go to, resolved once before the run, or a Unix socket's path. */
  readonly address: string;
  /** The port that they go to; absent: the URL's. */
  readonly connectPort?: number;
  /** What a request without a path asks for; `/plaintext`, which every reference server answers, without it. */
  readonly path?: string;
  /** Its connections become WebSockets (RFC 6455), and a request is a message. */
  readonly webSocket?: true;
}

/** An origin whose address is not looked up yet. */
export interface UnresolvedOrigin extends Omit<Origin, 'address'> {
  /** The Unix socket that it is reached by, as an absolute path; absent: it is by TCP. */
  readonly socket?: string;
}

/** Whether any origin is reached over TLS. */
export function isSecure({
  origins,
}: {
  readonly origins: readonly Pick<Origin, 'protocol'>[];
}): boolean {
  return origins.some(({ protocol }) => protocol === 'https:');
}

/** What carries the octets to an origin. */
export function transportOf({ address }: Pick<Origin, 'address'>): 'tcp' | 'unix' {
  return isSocketPath(address) ? 'unix' : 'tcp';
}

export const proxyVersions = ['v1', 'v2'] as const;
/** Of HAProxy's PROXY protocol. */
export type ProxyVersion = (typeof proxyVersions)[number];

export interface LoadPlan {
  /** Connections are spread evenly over them. */
  readonly origins: readonly Origin[];
  readonly requests: readonly RequestSpec[];
  readonly data: DataTable | null;
  readonly phases: readonly Phase[];
  readonly engine: EngineName;
  readonly http2: boolean;
  /** Requests that a connection carries at once, with HTTP/2; 1 without. */
  readonly streams: number;
  /** Over WebSockets, one connection publishes and all others receive; null: each sends, and is answered. */
  readonly fanOut: FanOut | null;
  readonly tls: TlsSettings;
  /** Each connection begins with a header that says whose it is; null: without one. */
  readonly proxyProtocol: ProxyVersion | null;
  readonly threads: number;
  readonly keepAlive: boolean;
  /** Handshakes begun per second at the most; null: as fast as they are answered. */
  readonly connectRatePerSecond: number | null;
  /** Where connections come from; null: where the kernel, or the engine, chooses. */
  readonly localAddresses: readonly AddressRange[] | null;
  readonly memoryLimit: MemoryLimit;
  /** From the send to the end of the response; of a stream of events, between octets. */
  readonly timeoutMicros: number;
  readonly connectTimeoutMicros: number;
  /** Open workload: a request later than this before it could be sent is shed. null: never. */
  readonly deadlineMicros: number | null;
  /** Of the choices among requests and of `{rand}`, so that a run can be repeated. */
  readonly seed: number;
  readonly userAgent: string;
}
