import type { PhaseOutcome } from '../load/outcome.js';
import type { ServerWindow } from '../measure/server-sampler.js';
import type { ServerFigures } from '../results/figures.js';
import type { SchedulingInstrument, SchedulingReading } from '../scheduling/instrument.js';
import { procReading, schedulingFigures } from './scheduling-figures.js';
import type { ProbeFigures } from '../results/probe.js';

/** A server process that is measured, and what is known of it before any load. */
export interface MeasuredServer {
  readonly pids: readonly number[];
  /** c1m started it, and may restart the kernel's high-water marks of its memory. */
  readonly owned: boolean;
  readonly startupMs: number | null;
  readonly artifactBytes: number | null;
  /** How many CPUs it may use. */
  readonly cpuCount: number;
  /** What watches its scheduling: an instrument, or what is read from /proc anyway. */
  readonly scheduling: SchedulingInstrument | 'proc' | null;
  /** Where its replicas answer /probe, if they are to be asked. */
  readonly probeUrls?: readonly string[];
}

export function serverFigures(
  server: MeasuredServer,
  window: ServerWindow,
  outcome: PhaseOutcome,
  reading: SchedulingReading | null,
  probe: ProbeFigures | null,
): ServerFigures {
  const { cpuUserSeconds: user, cpuSystemSeconds: system, contextSwitches, seconds } = window;
  const cpuSeconds = user === null || system === null ? null : user + system;
  const requests = outcome.responsesInWindow;
  const perRequest = (total: number | null): number | null =>
    total === null || requests === 0 ? null : total / requests;
  const delay = window.runQueueDelayNs;
  const switches =
    contextSwitches === null ? null : contextSwitches.voluntary + contextSwitches.involuntary;
  return {
    startupMs: server.startupMs,
    artifactBytes: server.artifactBytes,
    processes: window.processes,
    cpuUserSeconds: user,
    cpuSystemSeconds: system,
    cpuUtilization: cpuSeconds === null ? null : cpuSeconds / seconds / server.cpuCount,
    cpuUsPerRequest: perRequest(cpuSeconds === null ? null : cpuSeconds * 1e6),
    rssIdleBytes: null,
    rssPeakBytes: window.rssPeakBytes,
    pssIdleBytes: null,
    pssPeakBytes: null,
    bytesPerConnection: null,
    threadsPeak: window.threadsPeak,
    descriptorsPeak: window.descriptorsPeak,
    contextSwitches:
      contextSwitches === null || switches === null
        ? null
        : { ...contextSwitches, perSecond: switches / seconds, perRequest: perRequest(switches) },
    runQueueDelayUsPerRequest: perRequest(delay === null ? null : delay / 1000),
    runQueueDelayMs: delay === null ? null : delay / 1e6,
    kernelTcpBytes: window.kernelTcpBytes,
    kernelSlabBytes: window.kernelSlabBytes,
    schedulingDelayUs: reading?.delayUs ?? null,
    scheduling: scheduling(server, window, reading, requests),
    probe,
    unavailable: [...window.unavailable],
  };
}

function scheduling(
  server: MeasuredServer,
  window: ServerWindow,
  reading: SchedulingReading | null,
  responses: number,
): ServerFigures['scheduling'] {
  const seen = server.scheduling === 'proc' ? procReading(window) : reading;
  return seen === null ? null : schedulingFigures(seen, window.seconds, responses);
}
