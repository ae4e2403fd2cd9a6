import type { PhaseResult, ServerFigures, Warning } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { latencyPhase, loadedPhase } from '../figures/trial-phases.js';
import { fitLine } from '../stats/linear-fit.js';
import { NothingMeasuredError } from './nothing-measured-error.js';

/** The trial's own figures are those of its throughput and latency phases. */
export function trialResult(
  index: number,
  startedAt: Date,
  complete: boolean,
  phases: PhaseResult[],
  holds: Hold[],
  outside: readonly Warning[],
): TrialResult {
  const [throughput, latency] = [loadedPhase({ phases }), latencyPhase({ phases })];
  if (throughput === undefined || latency === undefined) throw new NothingMeasuredError(complete);
  return {
    index,
    startedAt: startedAt.toISOString(),
    traced: phases.some(({ traced }) => traced),
    complete,
    valid: outside.length === 0 && phases.every((phase) => phase.valid),
    warnings: warningsOf(phases, outside),
    load: throughput.load,
    latencyUs: latency.latencyUs,
    serviceTimeUs: latency.serviceTimeUs,
    connectUs: latency.connectUs,
    sendDelayUs: latency.sendDelayUs,
    events: latency.events,
    server: throughput.server === null ? null : withMemory(throughput.server, phases, holds),
    generator: throughput.generator,
    phases,
    histograms: null,
  };
}

/** What happened between two phases, no phase tells of. */
function warningsOf(phases: readonly PhaseResult[], outside: readonly Warning[]): Warning[] {
  const told = phases.flatMap(({ warnings }) => warnings);
  const codes = new Set(told.map(({ code }) => code));
  return [...told, ...outside.filter(({ code }) => !codes.has(code))];
}

/** What an idle hold showed. */
export interface Hold {
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
