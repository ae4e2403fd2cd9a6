import type { PhaseOutcome } from '../load/outcome.js';
import type { ServerWindow } from '../measure/server-sampler.js';
import type { ServerFigures } from '../results/figures.js';
import type { ProbeFigures } from '../results/probe.js';
import type { SchedulingReading } from '../scheduling/instrument.js';
import type { RunningServer } from '../subject/running-server.js';
import { shareOfCpus } from './observation.js';
import { schedulingFigures } from './scheduling-figures.js';

/** What a server's processes did in one window, as results keep it. */
export function serverFigures(
  { startupMs, artifactBytes, cpuCount }: RunningServer,
  window: ServerWindow,
  outcome: PhaseOutcome,
  reading: SchedulingReading | null,
  probe: ProbeFigures | null,
): ServerFigures {
  const { cpuSeconds, contextSwitches, seconds } = window;
  const requests = outcome.responsesInWindow;
  const perRequest = (total: number | null): number | null =>
    total === null || requests === 0 ? null : total / requests;
  const delay = window.runQueueDelayNs;
  const switches =
    contextSwitches === null ? null : contextSwitches.voluntary + contextSwitches.involuntary;
  return {
    startupMs,
    artifactBytes,
    processes: window.processes,
    cpuUserSeconds: window.cpuUserSeconds,
    cpuSystemSeconds: window.cpuSystemSeconds,
    cpuUtilization: shareOfCpus(window, cpuCount),
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
    scheduling: reading === null ? null : schedulingFigures(reading, seconds, requests),
    probe,
    unavailable: [...window.unavailable],
  };
}
