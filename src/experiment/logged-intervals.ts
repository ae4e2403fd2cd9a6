import type { PhaseOutcome } from '../load/outcome.js';
import type { RequestSpec } from '../load/plan.js';
import { countsOf, distributionNames } from '../load/recorder.js';
import type { LoggedInterval } from '../latency/log-writer.js';
import { tagPart } from '../latency/tag-part.js';
import type { SchedulingReading } from '../scheduling/instrument.js';

/** Of the phase as a whole, in nanoseconds. */
export function* loggedScheduling(
  phase: string,
  reading: SchedulingReading | null,
  startSeconds: number,
  seconds: number,
): Generator<LoggedInterval> {
  for (const [name, nanos] of reading?.histograms ?? []) {
    if (nanos.counts.size === 0) continue;
    const tag = `${tagPart(phase)}/scheduling-${name}-ns`;
    yield { tag, startSeconds, endSeconds: startSeconds + seconds, counts: [], nanos };
  }
}

/** The latency of each of several requests, over the whole phase: the seconds are those of all together. */
export function* loggedRequests(
  phase: string,
  { requests: outcomes, windowSeconds }: PhaseOutcome,
  requests: readonly RequestSpec[],
  startSeconds: number,
): Generator<LoggedInterval> {
  for (const [place, { latency }] of outcomes.entries()) {
    const { ended, censored } = latency;
    const tag = `${tagPart(phase)}/latency/${tagPart(requests[place]!.name)}`;
    const interval = { startSeconds, endSeconds: startSeconds + windowSeconds, nanos: null };
    const counts = [...ended, ...censored];
    if (counts.length > 0) yield { ...interval, tag, counts };
    if (censored.length > 0) yield { ...interval, tag: `${tag}-censored`, counts: censored };
  }
}

export function* loggedIntervals(
  phase: string,
  { seconds, windowSeconds }: PhaseOutcome,
  startedAtSeconds: number,
): Generator<LoggedInterval> {
  for (const [second, intervals] of [...seconds].sort(([a], [b]) => a - b)) {
    for (const name of distributionNames) {
      const { ended, censored } = countsOf(intervals, name);
      const tag = `${tagPart(phase)}/${name}`;
      const startSeconds = startedAtSeconds + second;
      const endSeconds = startedAtSeconds + Math.max(second, Math.min(second + 1, windowSeconds));
      const interval = { startSeconds, endSeconds, nanos: null };
      const counts = [...ended, ...censored];
      if (counts.length > 0) yield { ...interval, tag, counts };
      // Once more by themselves, so that readers can tell them apart.
      if (censored.length > 0) yield { ...interval, tag: `${tag}-censored`, counts: censored };
    }
  }
}
