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

/** What came of streams of events in one interval. */
export interface LoggedEvents extends Pick<LoggedSecond, 'atSeconds' | 'lengthSeconds'> {
  readonly events: number;
}

/** What a phase waited for in its streams of events, in microseconds. */
export type EventWait = 'firstEvent' | 'betweenEvents';

/** The latency of one recorded phase, whole and by the second, in microseconds. */
export interface LoggedPhase {
  readonly latency: Histogram;
  readonly seconds: readonly LoggedSecond[];
  /** Of streams of events, like the latency; empty where there were none. */
  readonly waits: ReadonlyMap<EventWait, Histogram>;
  readonly events: readonly LoggedEvents[];
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
  latency: Histogram | null;
  readonly seconds: (LoggedSecond & { answers: number })[];
  readonly waits: Map<EventWait, Histogram>;
  readonly events: (LoggedEvents & { events: number })[];
}

const known = /^Tag=([^,]+)\/(latency|firstEvent|betweenEvents)(-censored)?,([\d.]+),([\d.]+),/;

function latencies(log: string, phases: readonly PhaseResult[]): LatencyLog {
  const drafts = new Map<PhaseResult, Draft>();
  for (const line of log.split('\n')) {
    const match = known.exec(line);
    if (match === null) continue;
    const [, tag, name, censored, start, length] = match;
    const phase = phaseAt(phases, tag!, Number(start));
    if (phase === undefined) continue;
    const histogram = new HistogramLogReader(line).nextIntervalHistogram();
    if (histogram === null) continue;
    const draft = drafts.get(phase) ?? { latency: null, seconds: [], waits: new Map(), events: [] };
    drafts.set(phase, draft);
    const interval = {
      atSeconds: Math.max(0, Number(start) - phase.startedAtSeconds),
      lengthSeconds: Number(length),
    };
    if (name === 'latency') addAnswers(draft, interval, histogram, censored !== undefined);
    else addEvents(draft, name as EventWait, interval, histogram, censored !== undefined);
  }
  return phases.map((phase) => {
    const draft = drafts.get(phase);
    return draft === undefined || draft.latency === null
      ? null
      : { ...draft, latency: draft.latency };
  });
}

type Interval = Pick<LoggedSecond, 'atSeconds' | 'lengthSeconds'>;

function addAnswers(
  draft: Draft,
  interval: Interval,
  histogram: Histogram,
  censored: boolean,
): void {
  if (censored) {
    // They are in the second's line before this one, too.
    const last = draft.seconds.at(-1);
    if (last !== undefined) last.answers -= histogram.totalCount;
    return;
  }
  draft.seconds.push({
    ...interval,
    answers: histogram.totalCount,
    p50: histogram.getValueAtPercentile(50),
    p99: histogram.getValueAtPercentile(99),
  });
  if (draft.latency === null) draft.latency = histogram;
  else draft.latency.add(histogram);
}

/** Each event was waited for once: as the first of its stream, or from the one before. */
function addEvents(
  { waits, events }: Draft,
  name: EventWait,
  interval: Interval,
  histogram: Histogram,
  censored: boolean,
): void {
  const last = events.at(-1);
  const isSame = last?.atSeconds === interval.atSeconds;
  const second = isSame ? last : { ...interval, events: 0 };
  if (!isSame) events.push(second);
  second.events += (censored ? -1 : 1) * histogram.totalCount;
  if (censored) return;
  const whole = waits.get(name);
  if (whole === undefined) waits.set(name, histogram);
  else whole.add(histogram);
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
