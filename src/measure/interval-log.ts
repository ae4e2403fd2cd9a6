import { HistogramLogWriter } from 'hdr-histogram-js';
import type { CountsSnapshot } from './counts.js';
import { Histogram } from './histogram.js';

/** One second of one distribution of one phase. */
export interface LoggedInterval {
  /** Names phase and distribution; without commas or spaces, which end a tag. */
  readonly tag: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly counts: readonly CountsSnapshot[];
}

/**
 * Whole histograms as text in HdrHistogram's V2 interval log format (log version 1.3), a line per
 * second and distribution, values in microseconds. Times are seconds since the trial's start.
 */
export function writeIntervalLog(startedAt: Date, intervals: Iterable<LoggedInterval>): string {
  const lines: string[] = [];
  const writer = new HistogramLogWriter((line) => lines.push(line));
  writer.outputLogFormatVersion();
  writer.outputComment('Values are microseconds; Interval_Max is milliseconds');
  writer.outputComment(
    `[StartTime: ${(startedAt.getTime() / 1000).toFixed(3)} (seconds since epoch)]`,
  );
  writer.outputLegend();
  const histogram = new Histogram();
  for (const { tag, startSeconds, endSeconds, counts } of intervals) {
    for (const snapshot of counts) histogram.add(snapshot);
    histogram.hdr.tag = tag;
    writer.outputIntervalHistogram(histogram.hdr, startSeconds, endSeconds);
    histogram.clear();
  }
  histogram.dispose();
  return lines.join('');
}
