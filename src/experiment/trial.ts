import { findCeiling } from '../store/calibration.js';
import { Load } from '../load/load.js';
import type { Progress } from '../load/messages.js';
import type { LoadPlan, Phase } from '../load/plan.js';
import { withCleanup } from '../basis/cleanup.js';
import { nowMicros } from '../basis/clock.js';
import { shardMissing } from '../figures/validity.js';
import { writeIntervalLog, type LoggedInterval } from '../latency/log-writer.js';
import { ProbeSampler } from '../measure/probe/sampler.js';
import { ServerSampler } from '../measure/server-sampler.js';
import { TcpTrouble } from '../measure/tcp-trouble.js';
import type { PhaseResult, Warning } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { Watch } from '../scheduling/start.js';
import type { RunningServer } from '../subject/running-server.js';
import { isValid } from '../figures/warning-classes.js';
import { MemoryGuard } from './memory-guard.js';
import { observe } from './observation.js';
import { PulseReader, type Pulse } from './pulse.js';
import { serverFigures } from './server-figures.js';
import { loggedIntervals, loggedRequests, loggedScheduling } from './logged-intervals.js';
import { SchedulingWatch } from './scheduling-watch.js';
import { trialResult, type Hold } from './trial-result.js';

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

/** What of a trial is watched besides, which costs the server something. */
export interface Watching {
  /** What watches its scheduling: an instrument, or what is read from /proc anyway. */
  readonly scheduling: Watch['instrument'];
  /** Ask its /probe each second, if it has one. */
  readonly probe: boolean;
}

/**
 * Runs the plan's phases once, in order. Aborting the signal ends it with what was measured.
 * @param spin every worker has a CPU to itself and may poll for due times instead of sleeping
 */
export async function runTrial(
  plan: LoadPlan,
  index: number,
  server: RunningServer,
  { scheduling, probe }: Watching,
  spin: boolean,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Trial> {
  const startedAt = new Date();
  const zero = nowMicros();
  const known = server.pids.length > 0;
  const sampler = known ? new ServerSampler(server.pids, { resetPeaks: server.owned }) : null;
  const asks = probe && server.probeUrls.length > 0;
  const probes = asks ? new ProbeSampler(server.probeUrls) : null;
  const { cpuCount } = server;
  const pulses = new PulseReader(sampler === null ? null : { sampler, cpuCount }, spin);
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
  let gone: Warning | null = null;
  await withCleanup(async (cleanup) => {
    cleanup.add(() => load.close());
    cleanup.add(() => observer.closing?.(phases.at(-1)?.load.connections.established ?? 0));
    cleanup.add(() => sampler?.end());
    cleanup.add(() => probes?.end());
    signal.addEventListener('abort', stop, { once: true });
    cleanup.add(() => signal.removeEventListener('abort', stop));
    const memory = new MemoryGuard(plan.memoryLimit, load);
    cleanup.add(() => memory.end());
    const watch = new SchedulingWatch(scheduling);
    const observed = { load, plan, spin, ceiling: findCeiling(plan.engine, plan.threads) };
    const loaded = sampler === null ? [] : [{ reader: sampler, cpuCount }];
    await probes?.wake();
    for (const [number, phase] of plan.phases.entries()) {
      if (signal.aborted) break;
      const notice = phaseNotice(plan.phases, number);
      observer.phase(notice, false);
      // Larger holds would only repeat the one that the limit ended.
      if (load.isHopeless && !isToldOf(phase, phases)) continue;
      if (memory.isFull && phase.arrival.kind === 'idle' && !memory.fits(phase)) continue;
      const trouble = new TcpTrouble();
      await load.prepare(number);
      if (load.stopped) break;
      observer.phase(notice, true);
      const seen = await observe(
        observed,
        number,
        { loaded, beside: [] },
        {
          begin: () => {
            if (phase.record) {
              probes?.start();
              watch.begin();
            }
            pulses.begin(phase, load.threads);
          },
          end: () => (phase.record ? { scheduling: watch.end(), probe: probes?.finish() } : null),
        },
      );
      if (seen === null) {
        gone = serverEnded(phase.name);
        break;
      }
      if (seen.told === null) continue;
      const { outcome } = seen;
      const startedAtSeconds = (seen.startsAt - zero) / 1e6;
      const answers = (await seen.told.probe) ?? null;
      const reading = await seen.told.scheduling;
      const [window] = seen.loaded;
      const figures =
        window === undefined
          ? null
          : serverFigures(server, window, outcome, watch.ofWindow(reading, window), answers);
      const noPort = outcome.connectErrors['no-local-port'] ?? 0;
      const warnings = [
        ...seen.phase.warnings,
        ...(phases.length === 0 ? coldStart(load.cold) : []),
        ...memory.note(phase, outcome),
        ...trouble.warnings(outcome.opened, noPort),
        ...watch.warnings(outcome),
      ];
      phases.push({
        ...{ ...seen.phase, startedAtSeconds, server: figures, traced: watch.isCostly },
        ...{ warnings, valid: isValid(warnings) },
      });
      // Only after a hold: the kernel stalls the server while it walks its page tables for this.
      const mapped = phase.arrival.kind === 'idle' ? (sampler?.readPss() ?? null) : null;
      // Of connections that come and go, the memory is that of none.
      const held = outcome.failed === 0;
      if (mapped !== null && held) holds.push({ ...mapped, connections: outcome.established });
      intervals.push(
        ...loggedIntervals(phase.name, outcome, startedAtSeconds),
        ...loggedRequests(phase.name, outcome, plan.requests, startedAtSeconds),
        ...loggedScheduling(phase.name, reading, startedAtSeconds, outcome.windowSeconds),
      );
    }
  });
  const [missing] = load.missing;
  if (missing !== undefined && phases.length === 0) throw missing.failure;
  const outside = [shardMissing(load.missing), gone].filter((warning) => warning !== null);
  const complete = !signal.aborted && outside.length === 0;
  return {
    result: trialResult(index, startedAt, complete, phases, holds, outside),
    intervalLog: writeIntervalLog(startedAt, intervals),
  };
}

function coldStart(why: string | null): Warning[] {
  if (why === null) return [];
  return [
    {
      code: 'cold-start',
      message: `c1m could not warm up before the load (${why}), so its own compiling is in the first second`,
      remedy: 'Use --warmup, and see that this host has free ports: ss -s',
    },
  ];
}

function serverEnded(phase: string): Warning {
  return {
    code: 'server-ended',
    message: `The server’s process ended before the phase "${phase}", which was not measured, nor what follows it`,
    remedy: 'Look into the server’s log',
  };
}

/** Where nothing can be reached, one phase says so for all. */
function isToldOf({ record }: Phase, recorded: readonly PhaseResult[]): boolean {
  return record && recorded.length === 0;
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
