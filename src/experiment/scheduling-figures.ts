import type { ServerWindow } from '../measure/server-sampler.js';
import type { SchedulingFigures } from '../results/scheduling.js';
import type { SchedulingReading } from '../scheduling/instrument.js';

/** Per request, where the instrument has no count of its own: by the responses in the clock. */
export function schedulingFigures(
  { counted }: SchedulingReading,
  seconds: number,
  responses: number,
): SchedulingFigures {
  const requests = counted.requests?.taken ?? responses;
  const perRequest = (total: number | null): number | null =>
    total === null || requests === 0 ? null : total / requests;
  const { contextSwitches: switches } = counted;
  return {
    ...counted,
    contextSwitches:
      switches === null
        ? null
        : { ...switches, perSecond: (switches.voluntary + switches.involuntary) / seconds },
    wakeupsPerRequest: perRequest(counted.wakeups),
    migrationsPerRequest: perRequest(counted.migrations),
    systemCallsPerRequest: perRequest(counted.systemCalls),
  };
}

/** What /proc alone can tell: no delays, and no single waits. */
export function procReading({ contextSwitches, runQueueDelayNs }: ServerWindow): SchedulingReading {
  return {
    delayUs: null,
    counted: {
      source: 'proc',
      valid: contextSwitches !== null || runQueueDelayNs !== null,
      requests: null,
      contextSwitches,
      wakeups: null,
      migrations: null,
      systemCalls: null,
      runQueueUs: null,
      onCpuUs: null,
      offCpuUs: null,
      runQueueDelayMs: runQueueDelayNs === null ? null : runQueueDelayNs / 1e6,
    },
    histograms: new Map(),
  };
}
