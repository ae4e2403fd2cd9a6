import {
  nothingBesides,
  observe,
  shareOfCpus,
  whole,
  type ObservedLoad,
  type ObservedServer,
  type ServerUse,
} from '../experiment/observation.js';
import type { LoadedPhase } from '../experiment/phase-figures.js';
import type { PhaseOutcome } from '../load/outcome.js';
import { countsOf } from '../load/recorder.js';
import { quantileMicros } from '../latency/quantile.js';
import { isLowerBound, percentileShares } from '../results/distribution.js';
import { answersOf, type Answers } from './answers.js';
import type { Counters, SideCounters } from './side-counters.js';
import { otherSide, sides, type Side } from './slice-order.js';
import type { Suspension } from './suspension.js';

/** Of the streams of events in one slice; a time is null as that of a slice. */
export interface SliceEvents {
  readonly perSecond: number;
  readonly firstP50: number | null;
  readonly firstP99: number | null;
  readonly betweenP50: number | null;
  readonly betweenP99: number | null;
}

/** What one side did in one slice. Times are microseconds. */
export interface Slice {
  readonly side: Side;
  readonly requestsPerSecond: number;
  /** null where no request asks for a stream of events. */
  readonly events: SliceEvents | null;
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
    ...rates(outcome, judged, outcome.openByOrigin[sides.indexOf(side)] ?? 0),
    cpuUsPerRequest: perRequest(spent === undefined ? undefined : spent.ranNs / 1000),
    switchesPerRequest: perRequest(spent?.switches),
    runQueueUsPerRequest: perRequest(spent === undefined ? undefined : spent.waitedNs / 1000),
    p50: quantile(outcome, 'latency', 'p50'),
    p99: quantile(outcome, 'latency', 'p99'),
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

/**
 * A slice may be shorter than a stream, so streams are counted to their end: what ended, and what came,
 * by the time for which each was under way, times the connections (Little's law).
 */
function rates(
  outcome: PhaseOutcome,
  { load, events }: LoadedPhase,
  connections: number,
): Pick<Slice, 'requestsPerSecond' | 'events'> {
  const { requestsPerSecond } = load;
  if (events === null) return { requestsPerSecond, events };
  const { distributions, responses, streams } = outcome;
  const { latency } = distributions;
  const seconds = latency === null ? 0 : (latency.mean * latency.count) / 1e6 / connections;
  const perSecond = (count: number): number => (seconds === 0 ? 0 : count / seconds);
  return {
    requestsPerSecond: perSecond(responses),
    events: {
      perSecond: perSecond(streams.events),
      firstP50: quantile(outcome, 'firstEvent', 'p50'),
      firstP99: quantile(outcome, 'firstEvent', 'p99'),
      betweenP50: quantile(outcome, 'betweenEvents', 'p50'),
      betweenP99: quantile(outcome, 'betweenEvents', 'p99'),
    },
  };
}

/** null where it is only known to be at least so much, or nothing was waited for. */
function quantile(
  { seconds, distributions }: PhaseOutcome,
  name: 'latency' | 'firstEvent' | 'betweenEvents',
  figure: 'p50' | 'p99',
): number | null {
  if (isLowerBound(distributions[name], figure)) return null;
  const { ended, censored } = countsOf([...seconds.values()].flat(), name);
  return quantileMicros([...ended, ...censored], percentileShares[figure]);
}
