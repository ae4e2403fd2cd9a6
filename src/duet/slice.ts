import type { Load } from '../load/load.js';
import { ofAllShards, type PhaseOutcome } from '../load/outcome.js';
import { countsOf } from '../load/recorder.js';
import { quantileMicros } from '../latency/quantile.js';
import { readThreadTimes } from '../measure/own-threads.js';
import { isLowerBound } from '../results/distribution.js';
import type { SideCounters } from './side-counters.js';
import type { Side } from './slice-order.js';

/** What one side did in one slice. Times are microseconds. */
export interface Slice {
  readonly side: Side;
  readonly requestsPerSecond: number;
  /** null where its processes are not known. */
  readonly cpuUsPerRequest: number | null;
  readonly switchesPerRequest: number | null;
  readonly runQueueUsPerRequest: number | null;
  /** null where it is only known to be at least so much: requests were not answered. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly sent: number;
  readonly failed: number;
  /** Of the wall clock. */
  readonly serverUtilization: number | null;
  /** Of the busiest of c1m's threads; null off Linux. */
  readonly generatorUtilization: number | null;
  /** CPU time of the side that was not loaded, of the wall clock. */
  readonly otherUtilization: number | null;
}

export type Counters = Readonly<Record<Side, SideCounters | null>>;

/** Loads one side for the length of the phase, and reads both sides at its edges. */
export async function runSlice(
  load: Load,
  phase: number,
  side: Side,
  counters: Counters,
): Promise<Slice> {
  await load.prepare(phase);
  const threads = load.threads.map(readThreadTimes);
  const base = counters.base?.read();
  const head = counters.head?.read();
  const began = performance.now();
  const running = load.begin(phase);
  const outcome = ofAllShards(await running.finished);
  const seconds = (performance.now() - began) / 1000;
  const ran = { base: since(counters.base, base), head: since(counters.head, head) };
  const own = ran[side];
  const other = ran[side === 'base' ? 'head' : 'base'];
  const generator = load.threads.map((thread, index) => {
    const [before, after] = [threads[index] ?? null, readThreadTimes(thread)];
    return before === null || after === null ? null : after.cpuMillis - before.cpuMillis;
  });
  const busiest = generator.some((ms) => ms === null) ? null : Math.max(...(generator as number[]));
  const perRequest = (total: number | undefined): number | null =>
    total === undefined || outcome.responses === 0 ? null : total / outcome.responses;
  return {
    side,
    requestsPerSecond: outcome.responsesInWindow / outcome.windowSeconds,
    cpuUsPerRequest: perRequest(own === null ? undefined : own.ranNs / 1000),
    switchesPerRequest: perRequest(own?.switches),
    runQueueUsPerRequest: perRequest(own === null ? undefined : own.waitedNs / 1000),
    ...latencies(outcome),
    sent: outcome.sent,
    failed: outcome.sent - outcome.responses,
    serverUtilization: own === null ? null : own.ranNs / 1e9 / seconds,
    generatorUtilization: busiest === null ? null : busiest / 1000 / seconds,
    otherUtilization: other === null ? null : other.ranNs / 1e9 / seconds,
  };
}

type Counts = ReturnType<SideCounters['read']>;

function since(counters: SideCounters | null, before: Counts | undefined): Counts | null {
  if (counters === null || before === undefined) return null;
  const now = counters.read();
  return {
    ranNs: now.ranNs - before.ranNs,
    waitedNs: now.waitedNs - before.waitedNs,
    switches: now.switches - before.switches,
  };
}

function latencies({ seconds, distributions }: PhaseOutcome): Pick<Slice, 'p50' | 'p99'> {
  const { ended, censored } = countsOf([...seconds.values()].flat(), 'latency');
  const at = (figure: 'p50' | 'p99', share: number): number | null =>
    isLowerBound(distributions.latency, figure)
      ? null
      : quantileMicros([...ended, ...censored], share);
  return { p50: at('p50', 0.5), p99: at('p99', 0.99) };
}
