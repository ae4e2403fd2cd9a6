import type { AddressRange } from '../basis/address-range.js';
import type { MemoryLimit } from '../basis/memory-limit.js';
import { newFanOut } from '../load/fan-out.js';
import type { EngineName, LoadPlan, Origin, Phase } from '../load/plan.js';
import { withContentType } from './content-type.js';
import type { Scenario } from './scenario.js';

/** What the machine and the command add to a scenario. */
export interface LoadSettings extends ConnectionSettings {
  readonly engine: EngineName;
  /** CPUs that the generator may use. */
  readonly loadCpus: number;
  readonly userAgent: string;
}

/** What the command says of how the load is made. */
export interface ConnectionSettings {
  /** null: as the scenario has it. */
  readonly threads: number | null;
  readonly connectRatePerSecond: number | null;
  readonly localAddresses: readonly AddressRange[] | null;
  readonly memoryLimit: MemoryLimit;
}

/** Leaves the rest of the machine room to breathe: no swapping, and nothing is killed. */
export const defaultMemoryLimit: MemoryLimit = { kind: 'share', share: 0.8 };

// One worker sends some 100,000 requests a second. Four outrun nearly every server, and
// each more splits the same connections thinner. `--threads` goes beyond; a generator that was the
// limit is reported as such.
const mostDefaultThreads = 4;

/** One for each CPU of the load, up to a few. */
export function defaultThreads(loadCpus: number): number {
  return Math.max(1, Math.min(loadCpus, mostDefaultThreads));
}

export function toLoadPlan(
  scenario: Scenario,
  origins: readonly Origin[],
  settings: LoadSettings,
): LoadPlan {
  const threads = settings.threads ?? scenario.threads ?? defaultThreads(settings.loadCpus);
  return {
    origins: scenario.webSocket ? origins.map(asWebSocket) : origins,
    requests: scenario.requests.map((request) => withContentType(request, scenario.data)),
    data: scenario.data,
    phases: scenario.phases,
    engine: settings.engine,
    http2: scenario.http2,
    streams: scenario.streams,
    fanOut: scenario.fanOut ? newFanOut() : null,
    tls: scenario.tls,
    proxyProtocol: scenario.proxyProtocol,
    threads: Math.min(threads, threadLimit(scenario.phases)),
    keepAlive: scenario.keepAlive,
    connectRatePerSecond: settings.connectRatePerSecond,
    localAddresses: settings.localAddresses,
    memoryLimit: settings.memoryLimit,
    timeoutMicros: scenario.timeoutMicros,
    connectTimeoutMicros: scenario.connectTimeoutMicros,
    deadlineMicros: scenario.deadlineMicros,
    seed: scenario.seed,
    userAgent: settings.userAgent,
  };
}

/** No URL says so of a target that c1m starts. */
function asWebSocket(origin: Origin): Origin {
  return { ...origin, webSocket: true };
}

/**
 * More threads would leave one without a connection. Where each has its share of a rate or of a
 * number of requests, that share would never be sent, so the low end of a ramp counts there.
 */
export function threadLimit(phases: readonly Phase[]): number {
  return Math.min(
    ...phases.map(({ arrival, connections: { from, to }, requests }) =>
      arrival.kind === 'open' || requests !== null ? Math.min(from, to) : Math.max(from, to),
    ),
  );
}
