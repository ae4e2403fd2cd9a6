import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HistogramLogReader, type Histogram } from 'hdr-histogram-js';
import { tagPart } from './tag-part.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';

/** One interval of the log, of a second or less. */
export interface LoggedSecond {
  /** Since the phase began. */
  readonly atSeconds: number;
  /** 0 for what was answered after the phase's clock had run out. */
  readonly lengthSeconds: number;
  /** That were answered. */
  readonly answers: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The latency of one recorded phase, whole and by the second, in microseconds. */
export interface LoggedPhase {
  readonly latency: Histogram;
  readonly seconds: readonly LoggedSecond[];
}

/** By phase, in the order of `trial.phases`; a phase without answers has none. */
export type LatencyLog = readonly (LoggedPhase | null)[];

export type LatencyReading =
  | { readonly ok: true; readonly phases: LatencyLog }
  | { readonly ok: false; readonly reason: string };

/** Reads the latencies of a trial from the interval log beside its result. */
export function readLatencies(folder: string, trial: TrialResult): LatencyReading {
  const name = trial.histograms;
  if (name === null) return { ok: false, reason: 'no histograms were kept' };
  // The document names a file beside itself; it must not name another one of the reader's.
  if (basename(name) !== name) return { ok: false, reason: `${name} does not lie beside it` };
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch {
    return { ok: false, reason: `${name} is missing` };
  }
  try {
    return { ok: true, phases: latencies(text, trial.phases) };
  } catch (error) {
    return { ok: false, reason: `${name} cannot be read: ${(error as Error).message}` };
  }
}

/** What is being put together for a phase. */
interface Draft {
  readonly latency: Histogram;
  readonly seconds: (LoggedSecond & { answers: number })[];
}

function latencies(log: string, phases: readonly PhaseResult[]): LatencyLog {
  const drafts = new Map<PhaseResult, Draft>();
  for (const line of log.split('\n')) {
    const match = /^Tag=([^,]+)\/latency(-censored)?,([\d.]+),([\d.]+),/.exec(line);
    if (match === null) continue;
    const [, tag, censored, start, length] = match;
    const phase = phaseAt(phases, tag!, Number(start));
    if (phase === undefined) continue;
    const interval = new HistogramLogReader(line).nextIntervalHistogram();
    if (interval === null) continue;
    const histogram = interval;
    const draft = drafts.get(phase);
    if (censored !== undefined) {
      // They are in the second's line before this one, too.
      const last = draft?.seconds.at(-1);
      if (last !== undefined) last.answers -= histogram.totalCount;
      continue;
    }
    const second = {
      atSeconds: Math.max(0, Number(start) - phase.startedAtSeconds),
      lengthSeconds: Number(length),
      answers: histogram.totalCount,
      p50: histogram.getValueAtPercentile(50),
      p99: histogram.getValueAtPercentile(99),
    };
    if (draft === undefined) drafts.set(phase, { latency: histogram, seconds: [second] });
    else {
      draft.latency.add(histogram);
      draft.seconds.push(second);
    }
  }
  return phases.map((phase) => drafts.get(phase) ?? null);
}

/** Two phases may have one name: an interval is of the last that had begun. */
function phaseAt(
  phases: readonly PhaseResult[],
  tag: string,
  startSeconds: number,
): PhaseResult | undefined {
  const rounding = 0.001;
  return phases.findLast(
    ({ name, startedAtSeconds }) =>
      tagPart(name) === tag && startedAtSeconds <= startSeconds + rounding,
  );
}
