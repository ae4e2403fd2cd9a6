import { HistogramLogWriter } from 'hdr-histogram-js';
import type { CountsSnapshot } from './counts.js';
import { Histogram } from './histogram.js';
import type { LogBuckets } from './log-buckets.js';

/** One second of one distribution of one phase. */
export interface LoggedInterval {
  /** Names phase and distribution; without commas or spaces, which end a tag. */
  readonly tag: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly counts: readonly CountsSnapshot[];
  /** Values in nanoseconds instead, which the tag then ends with. */
  readonly nanos: LogBuckets | null;
}

/**
 * Whole histograms as text in HdrHistogram's V2 interval log format (log version 1.3), a line per
 * second and distribution, values in microseconds, or nanoseconds where the tag says ns. Times are seconds since the trial's start.
 */
export function writeIntervalLog(startedAt: Date, intervals: Iterable<LoggedInterval>): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((line) => lines.push(line));
  writer.outputLogFormatVersion();
  writer.outputComment(
    'Values are microseconds, Interval_Max is milliseconds; nanoseconds and microseconds where a tag ends in -ns',
  );
  writer.outputComment(
    `[StartTime: ${(startedAt.getTime() / 1000).toFixed(3)} (seconds since epoch)]`,
  );
  writer.outputLegend();
  const histogram = new Histogram();
  for (const { tag, startSeconds, endSeconds, counts, nanos } of intervals) {
    for (const snapshot of counts) histogram.add(snapshot);
    if (nanos !== null) histogram.addNanos(nanos);
    histogram.hdr.tag = tag;
    writer.outputIntervalHistogram(histogram.hdr, startSeconds, endSeconds);
    histogram.clear();
  }
  histogram.dispose();
  return lines.join('');
}
