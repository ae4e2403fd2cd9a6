import type { DataTable, EngineName, Phase, ProxyVersion, RequestSpec } from '../load/plan.js';
import { tlsDefaults, type TlsSettings } from '../tls/settings.js';
import type { Threshold } from '../thresholds/threshold.js';

export const engineChoices = ['auto', 'uring', 'net', 'undici'] as const satisfies (
  'auto' | EngineName
)[];
export type EngineChoice = (typeof engineChoices)[number];

/** The loads at which scheduling is watched: a low one, the same for all, and shares of each ceiling. */
export interface SchedulingLoads {
  readonly lowRatePerSecond: number;
  readonly lowConnections: number;
  /** Of the requests per second that the target answers while it is watched; above 0, below 1. */
  readonly shares: readonly number[];
  readonly connections: number;
  /** Of each load. */
  readonly durationMicros: number;
}

/** What to do, apart from whom to do it to and with how many threads. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** An empty path is that of the URL. */
  readonly requests: readonly RequestSpec[];
  readonly data: DataTable | null;
  readonly phases: readonly Phase[];
  readonly keepAlive: boolean;
  readonly timeoutMicros: number;
  readonly connectTimeoutMicros: number;
  readonly deadlineMicros: number | null;
  readonly engine: EngineChoice;
  readonly http2: boolean;
  /** Messages over WebSockets (RFC 6455), whatever the URL's scheme says. */
  readonly webSocket: boolean;
  /** Of WebSockets: one connection publishes, all others receive. */
  readonly fanOut: boolean;
  readonly tls: TlsSettings;
  /** The Unix socket that the URLs are reached by, as an absolute path; null: they are by TCP. */
  readonly unix: string | null;
  readonly proxyProtocol: ProxyVersion | null;
  /** Requests at once on each connection; more than 1 with HTTP/2 only. */
  readonly streams: number;
  /** Workers of the generator; null: as `defaultThreads` has it. */
  readonly threads: number | null;
  /** What a comparison takes where it is not told: names of targets, runtimes or families; empty: all. */
  readonly targets: readonly string[];
  /** At what loads a comparison watches how each target is scheduled; null: it does not. */
  readonly scheduling: SchedulingLoads | null;
  /** How often a comparison repeats it, each time against a fresh process. */
  readonly trials: number;
  readonly seed: number;
  /** Conditions that must hold of what is measured. */
  readonly failIf: readonly Threshold[];
}

export const schedulingDefaults: SchedulingLoads = {
  lowRatePerSecond: 1000,
  lowConnections: 4,
  shares: [0.3, 0.6, 0.9],
  connections: 50,
  durationMicros: 3e6,
};

/** As many as a client may count on before a server has said otherwise (RFC 9113 §6.5.2). */
export const mostStreams = 100;

export const scenarioDefaults = {
  keepAlive: true,
  timeoutMicros: 10e6,
  deadlineMicros: null,
  engine: 'auto',
  http2: false,
  webSocket: false,
  fanOut: false,
  tls: tlsDefaults,
  unix: null,
  proxyProtocol: null,
  streams: 1,
  threads: null,
  scheduling: null,
  targets: [],
  failIf: [],
  trials: 3,
  // Fixed, so that a run repeats without anyone having written down its seed.
  seed: 1,
} as const satisfies Partial<Scenario>;
