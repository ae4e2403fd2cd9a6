import type { Origin } from '../load/plan.js';
import { readAllowedCpus } from '../measure/cpus.js';
import type { RunningServer } from './running-server.js';

/** A server that runs already: c1m neither starts nor stops it, and knows of no process but that. */
export function attach(origins: readonly Origin[], pid: number | null): RunningServer {
  return {
    origins,
    pids: pid === null ? [] : [pid],
    owned: false,
    startupMs: null,
    artifactBytes: null,
    cpuCount: readAllowedCpus().length,
    cpus: null,
    probeUrls: [],
    ended: () => null,
    stop: () => Promise.resolve(),
  };
}
