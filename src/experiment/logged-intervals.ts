import type { PhaseOutcome } from '../load/outcome.js';
import { countsOf, distributionNames } from '../load/recorder.js';
import type { LoggedInterval } from '../latency/log-writer.js';
import { phaseTag } from '../latency/phase-tag.js';
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
    const tag = `${phaseTag(phase)}/scheduling-${name}-ns`;
    yield { tag, startSeconds, endSeconds: startSeconds + seconds, counts: [], nanos };
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
      const tag = `${phaseTag(phase)}/${name}`;
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
