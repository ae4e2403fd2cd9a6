import { findCeiling } from '../results/calibration-file.js';
import { Load } from '../load/load.js';
import type { Progress } from '../load/messages.js';
import type { PhaseOutcome } from '../load/outcome.js';
import type { LoadPlan } from '../load/plan.js';
import { distributionNames } from '../load/recorder.js';
import { withCleanup } from '../measure/cleanup.js';
import { nowMicros } from '../measure/clock.js';
import { writeIntervalLog, type LoggedInterval } from '../measure/interval-log.js';
import { readOwnRssPeak, readThreadTimes, resetOwnRssPeak } from '../measure/own-threads.js';
import { ProbeSampler } from '../measure/probe/sampler.js';
import { NoSuchProcessError } from '../measure/process-tree.js';
import { ServerSampler } from '../measure/server-sampler.js';
import { TcpTrouble } from '../measure/tcp-trouble.js';
import { phaseTag } from '../results/interval-tag.js';
import type { PhaseResult, ServerFigures } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { latencyPhase, loadedPhase } from '../results/trial-phases.js';
import type { SchedulingReading } from '../scheduling/instrument.js';
import { fitLine } from '../stats/linear-fit.js';
import { NothingMeasuredError } from './nothing-measured-error.js';
import { MemoryGuard } from './memory-guard.js';
import { phaseFigures } from './phase-figures.js';
import { PulseReader, type Pulse } from './pulse.js';
import { serverFigures, type MeasuredServer } from './server-figures.js';
import { SchedulingWatch } from './scheduling-watch.js';

export interface TrialObserver {
  /** The connections are being closed, which takes some seconds where they are many. */
  closing?(connections: number): void;
  /** Processes of a target that is run as several. */
  starting?(started: number, of: number): void;
  /** A phase's connections are being opened (`running` false) or its clock runs. */
  phase(phase: PhaseNotice, running: boolean): void;
  /** A few times a second. */
  progress(progress: Progress): void;
  /** Each second of a recorded phase, some milliseconds after its end. */
  pulse?(pulse: Pulse): void;
}

/** Which phase of a trial it is. */
export interface PhaseNotice {
  readonly name: string;
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** Null: until its requests are used up. */
  readonly seconds: number | null;
  /** Null: as many as fit. */
  readonly requests: number | null;
  /** What the phases after it take, as far as it is known. */
  readonly secondsAfter: number;
}

export interface Trial {
  readonly result: TrialResult;
  /** Whole histograms, as text in HdrHistogram's V2 log format. */
  readonly intervalLog: string;
}

/**
 * Runs the plan's phases once, in order. Aborting the signal ends it with what was measured.
 * @param spin every worker has a CPU to itself and may poll for due times instead of sleeping
 */
export async function runTrial(
  plan: LoadPlan,
  index: number,
  server: MeasuredServer | null,
  spin: boolean,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Trial> {
  const startedAt = new Date();
  const zero = nowMicros();
  const sampler =
    server === null ? null : new ServerSampler(server.pids, { resetPeaks: server.owned });
  const probes = server?.probeUrls === undefined ? null : new ProbeSampler(server.probeUrls);
  const ceiling = findCeiling(plan.engine, plan.threads);
  const pulses = new PulseReader(
    server === null || sampler === null ? null : { sampler, cpuCount: server.cpuCount },
    spin,
  );
  const load = await Load.start(plan, spin, {
    progress: (progress) => observer.progress(progress),
    ...(observer.pulse === undefined
      ? {}
      : { second: (...told) => observer.pulse?.(pulses.read(...told)) }),
  });
  const stop = (): void => load.stop();
  const phases: PhaseResult[] = [];
  const intervals: LoggedInterval[] = [];
  const holds: Hold[] = [];
  await withCleanup(async (cleanup) => {
    cleanup.add(() => load.close());
    cleanup.add(() => observer.closing?.(phases.at(-1)?.load.connections.established ?? 0));
    cleanup.add(() => sampler?.end());
    cleanup.add(() => probes?.end());
    signal.addEventListener('abort', stop, { once: true });
    cleanup.add(() => signal.removeEventListener('abort', stop));
    const memory = new MemoryGuard(plan.memoryLimit, load);
    cleanup.add(() => memory.end());
    const watch = new SchedulingWatch(server?.scheduling ?? null);
    await probes?.wake();
    for (const [number, phase] of plan.phases.entries()) {
      if (signal.aborted) break;
      const notice = phaseNotice(plan.phases, number);
      observer.phase(notice, false);
      // Larger holds would only repeat the one that the limit ended.
      if (memory.isFull && phase.arrival.kind === 'idle' && !memory.fits(phase)) continue;
      const trouble = new TcpTrouble();
      await load.prepare(number);
      if (load.stopped) break;
      observer.phase(notice, true);
      resetOwnRssPeak();
      const before = load.threads.map(readThreadTimes);
      if (sampler !== null && !startWindow(sampler)) break;
      if (phase.record) {
        probes?.start();
        watch.begin();
      }
      pulses.begin(phase, load.threads);
      const running = load.begin(number);
      await running.windowClosed;
      const window = sampler?.finish() ?? null;
      const watched = phase.record ? watch.end() : null;
      const lastProbes = phase.record ? probes?.finish() : undefined;
      const after = load.threads.map(readThreadTimes);
      const outcome = await running.finished;
      if (!phase.record) continue;
      const probe = (await lastProbes) ?? null;
      const startedAtSeconds = (running.startsAt - zero) / 1e6;
      const rssPeakBytes = readOwnRssPeak();
      const reading = await watched;
      const readings = { before, after, rssPeakBytes, spinning: spin };
      const measured =
        server === null || window === null
          ? null
          : serverFigures(server, window, outcome, reading, probe);
      const figures = phaseFigures(plan, outcome, readings, startedAtSeconds, measured, ceiling);
      const noPort = outcome.connectErrors['no-local-port'] ?? 0;
      const warnings = [
        ...figures.warnings,
        ...memory.note(outcome),
        ...trouble.warnings(outcome.opened, noPort),
        ...watch.warnings(outcome),
      ];
      phases.push({ ...figures, traced: watch.isCostly, warnings });
      // Only after a hold: the kernel stalls the server while it walks its page tables for this.
      const mapped = phase.arrival.kind === 'idle' ? (sampler?.readPss() ?? null) : null;
      if (mapped !== null) holds.push({ ...mapped, connections: outcome.established });
      intervals.push(
        ...loggedIntervals(phase.name, outcome, startedAtSeconds),
        ...loggedScheduling(phase.name, reading, startedAtSeconds, outcome.windowSeconds),
      );
    }
  });
  return {
    result: trialResult(index, startedAt, !signal.aborted, phases, holds),
    intervalLog: writeIntervalLog(startedAt, intervals),
  };
}

function phaseNotice(phases: LoadPlan['phases'], index: number): PhaseNotice {
  const { name, durationMicros, requests } = phases[index]!;
  const later = phases.slice(index + 1).map((phase) => phase.durationMicros ?? 0);
  return {
    name,
    index,
    of: phases.length,
    seconds: durationMicros === null ? null : durationMicros / 1e6,
    requests: requests === 'each' ? null : requests,
    secondsAfter: later.reduce((sum, micros) => sum + micros, 0) / 1e6,
  };
}

/** Begins the sampler's window. False if the server has died, which ends the trial. */
function startWindow(sampler: ServerSampler): boolean {
  try {
    sampler.start();
    return true;
  } catch (error) {
    if (error instanceof NoSuchProcessError) return false;
    throw error;
  }
}

/** The trial's own figures are those of its throughput and latency phases. */
function trialResult(
  index: number,
  startedAt: Date,
  complete: boolean,
  phases: PhaseResult[],
  holds: Hold[],
): TrialResult {
  const [throughput, latency] = [loadedPhase({ phases }), latencyPhase({ phases })];
  if (throughput === undefined || latency === undefined) throw new NothingMeasuredError(complete);
  return {
    index,
    startedAt: startedAt.toISOString(),
    traced: phases.some(({ traced }) => traced),
    complete,
    valid: phases.every((phase) => phase.valid),
    warnings: phases.flatMap((phase) => phase.warnings),
    load: throughput.load,
    latencyUs: latency.latencyUs,
    serviceTimeUs: latency.serviceTimeUs,
    connectUs: latency.connectUs,
    sendDelayUs: latency.sendDelayUs,
    server: throughput.server === null ? null : withMemory(throughput.server, phases, holds),
    generator: throughput.generator,
    phases,
    histograms: null,
  };
}

/** What an idle hold showed. */
interface Hold {
  readonly connections: number;
  readonly rssBytes: number;
  readonly pssBytes: number;
}

/** Memory is that of the idle holds and of the whole trial, not of the throughput phase. */
function withMemory(server: ServerFigures, phases: PhaseResult[], holds: Hold[]): ServerFigures {
  const peaks = phases
    .map((phase) => phase.server?.rssPeakBytes ?? null)
    .filter((peak) => peak !== null);
  return {
    ...server,
    rssIdleBytes: holds[0]?.rssBytes ?? null,
    rssPeakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    pssIdleBytes: holds[0]?.pssBytes ?? null,
    pssPeakBytes: holds.length === 0 ? null : Math.max(...holds.map((hold) => hold.pssBytes)),
    bytesPerConnection: bytesPerConnection(holds),
  };
}

function bytesPerConnection(holds: Hold[]): ServerFigures['bytesPerConnection'] {
  const fit = fitLine(holds.map(({ connections, rssBytes }) => ({ x: connections, y: rssBytes })));
  if (fit === null) return null;
  return {
    slope: fit.slope,
    low: fit.slopeLow,
    high: fit.slopeHigh,
    r2: fit.r2,
    holds: holds.map(({ connections, rssBytes }) => ({ connections, rssBytes })),
  };
}

/** Of the phase as a whole, in nanoseconds. */
function* loggedScheduling(
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

function* loggedIntervals(
  phase: string,
  { seconds, windowSeconds }: PhaseOutcome,
  startedAtSeconds: number,
): Generator<LoggedInterval> {
  for (const [second, intervals] of [...seconds].sort(([a], [b]) => a - b)) {
    for (const name of distributionNames) {
      const counts = intervals.map((interval) => interval[name]).filter((c) => c !== undefined);
      if (counts.length === 0) continue;
      yield {
        tag: `${phaseTag(phase)}/${name}`,
        startSeconds: startedAtSeconds + second,
        endSeconds: startedAtSeconds + Math.max(second, Math.min(second + 1, windowSeconds)),
        counts,
        nanos: null,
      };
    }
  }
}
