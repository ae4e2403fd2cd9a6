import {
  nothingBesides,
  observe,
  shareOfCpus,
  whole,
  type ObservedLoad,
  type ObservedServer,
  type ServerUse,
} from '../experiment/observation.js';
import type { PhaseOutcome } from '../load/outcome.js';
import { countsOf } from '../load/recorder.js';
import { quantileMicros } from '../latency/quantile.js';
import { isLowerBound } from '../results/distribution.js';
import { answersOf, type Answers } from './answers.js';
import type { Counters, SideCounters } from './side-counters.js';
import { otherSide, sides, type Side } from './slice-order.js';
import type { Suspension } from './suspension.js';

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
  readonly answers: Answers;
  /** Of the side's connections, those that could not be opened, or were not kept. */
  readonly unopened: number;
  /** One of the servers' processes ended meanwhile. */
  readonly serverEnded: boolean;
  /** Of the CPUs that it may use. */
  readonly serverUtilization: number | null;
  /** Of the busiest of c1m's threads; null off Linux. */
  readonly generatorUtilization: number | null;
  /** The same of the side that was not loaded, of one CPU. */
  readonly otherUtilization: number | null;
}

/** Servers that are up, with their connections open. */
export interface OpenSides {
  readonly observed: ObservedLoad;
  readonly counters: Counters;
  /** null where there is one side only. */
  readonly suspension: Suspension | null;
}

/**
 * Loads one side for the length of the phase, while the other is stopped, and observes both. What a
 * request costs is read up to the last answer: a slice is so short that what is in flight at its end
 * is a part of the load. null where a server had ended before.
 */
export async function runSlice(
  { observed, counters, suspension }: OpenSides,
  phase: number,
  side: Side,
): Promise<Slice | null> {
  suspension?.resume(side);
  await observed.load.prepare(phase);
  suspension?.stopBeside(side);
  const own = counters[side];
  const servers = {
    loaded: asObserved(own),
    beside: asObserved(counters[otherSide(side)]),
  };
  const seen = await observe(observed, phase, servers, nothingBesides);
  if (seen === null) return null;
  const { outcome, phase: judged, loaded, beside } = whole(seen);
  const spent = own?.sinceStart();
  const perRequest = (total: number | undefined): number | null =>
    total === undefined || outcome.responses === 0 ? null : total / outcome.responses;
  return {
    side,
    requestsPerSecond: judged.load.requestsPerSecond,
    cpuUsPerRequest: perRequest(spent === undefined ? undefined : spent.ranNs / 1000),
    switchesPerRequest: perRequest(spent?.switches),
    runQueueUsPerRequest: perRequest(spent === undefined ? undefined : spent.waitedNs / 1000),
    ...latencies(outcome),
    answers: answersOf(judged.load),
    unopened: outcome.failedByOrigin[sides.indexOf(side)] ?? 0,
    serverEnded: judged.warnings.some(({ code }) => code === 'server-ended'),
    serverUtilization: loaded[0] === undefined ? null : shareOfCpus(loaded[0], own!.cpuCount),
    generatorUtilization: judged.generator.cpuUtilization,
    otherUtilization: beside[0] === undefined ? null : shareOfCpus(beside[0], 1),
  };
}

/** Nothing, where a side's processes are not known. */
export function asObserved(counters: SideCounters | null): ObservedServer<ServerUse>[] {
  return counters === null ? [] : [{ reader: counters, cpuCount: counters.cpuCount }];
}

function latencies({ seconds, distributions }: PhaseOutcome): Pick<Slice, 'p50' | 'p99'> {
  const { ended, censored } = countsOf([...seconds.values()].flat(), 'latency');
  const at = (figure: 'p50' | 'p99', share: number): number | null =>
    isLowerBound(distributions.latency, figure)
      ? null
      : quantileMicros([...ended, ...censored], share);
  return { p50: at('p50', 0.5), p99: at('p99', 0.99) };
}
