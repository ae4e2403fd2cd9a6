import type { AddressRange } from '../basis/address-range.js';
import type { MemoryLimit } from '../basis/memory-limit.js';
import type { Ramp } from '../basis/ramp.js';
import type { Threshold } from '../thresholds/threshold.js';
import { noDetours, type Detours } from '../load/detours.js';
import type { GrpcCall } from '../load/grpc-call.js';
import type { ProxyVersion, StreamFormat } from '../load/plan.js';
import type { TlsSettings } from '../tls/settings.js';
import type { EngineChoice, Scenario } from './scenario.js';

/** What flags or options ask of a load, in base units; null where they do not say. */
export interface AskedLoad {
  readonly connections: Ramp | null;
  readonly durationMicros: number | null;
  readonly requests: number | null;
  /** Per second. */
  readonly rate: Ramp | null;
  readonly threads: number | null;
  readonly warmupMicros: number | null;
  readonly timeoutMicros: number | null;
  readonly connectTimeoutMicros: number | null;
  readonly deadlineMicros: number | null;
  readonly method: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: AskedBody | null;
  readonly grpc: GrpcCall | null;
  /** As it is in the scenario, or false. */
  readonly keepAlive: boolean | null;
  readonly engine: EngineChoice | null;
  readonly http2: boolean | null;
  readonly webSocket: boolean | null;
  readonly fanOut: boolean | null;
  /** Of the scenario's requests, all. */
  readonly stream: StreamFormat | null;
  readonly streams: number | null;
  /** What is said of it, over what the scenario has. */
  readonly tls: Partial<TlsSettings>;
  readonly detours: Detours;
  /** An absolute path. */
  readonly unix: string | null;
  readonly proxyProtocol: ProxyVersion | null;
  readonly seed: number | null;
  readonly connectRatePerSecond: number | null;
  readonly localAddresses: readonly AddressRange[] | null;
  readonly memoryLimit: MemoryLimit | null;
  readonly scenario: Scenario | null;
  /** Conditions that must hold; they come after those of the scenario. */
  readonly failIf: readonly Threshold[];
}

interface AskedBody {
  readonly content: string | Uint8Array;
  /** Which of the two gave it. */
  readonly flag: '--body' | '--body-file';
}

/** 50 connections for 10 s, as fast as it goes. */
export const nothingAsked: AskedLoad = {
  ...{ connections: null, durationMicros: null, requests: null, rate: null, threads: null },
  ...{ warmupMicros: null, timeoutMicros: null, connectTimeoutMicros: null },
  ...{ deadlineMicros: null, method: null, headers: [], body: null, grpc: null },
  ...{
    keepAlive: null,
    engine: null,
    http2: null,
    webSocket: null,
    fanOut: null,
    stream: null,
    streams: null,
  },
  ...{ tls: {}, detours: noDetours, seed: null, connectRatePerSecond: null },
  ...{ unix: null, proxyProtocol: null },
  ...{ localAddresses: null, memoryLimit: null, scenario: null, failIf: [] },
};
