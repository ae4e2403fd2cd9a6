import type { Ceiling } from '../results/calibration.js';
import type { PhaseOutcome } from '../load/outcome.js';
import { asksForStreams, isSecure, unitOf, type LoadPlan, type Phase } from '../load/plan.js';
import type { ThreadTimes } from '../measure/own-threads.js';
import { addNamed, totalOf } from '../results/counts.js';
import { isValid } from '../figures/warning-classes.js';
import { isSaturated, judge } from '../figures/validity.js';
import { eventFigures } from './event-figures.js';
import { requestFigures } from './request-figures.js';
import type { GeneratorFigures, LoadFigures, PhaseKind, PhaseResult } from '../results/figures.js';

/** What was read of the generator over a phase's clock. */
interface GeneratorReadings {
  /** Of each worker, between the edges of the clock. */
  readonly threads: readonly (ThreadTimes | null)[];
  readonly rssPeakBytes: number;
  readonly spinning: boolean;
}

/** What of the loaded servers tells whether a phase is valid. */
interface ServerCondition {
  readonly cpuUtilization: number | null;
  readonly endedPids: readonly number[];
}

/** All that is known of a recorded phase, apart from what its server's processes did. */
export type LoadedPhase = Omit<PhaseResult, 'traced' | 'startedAtSeconds' | 'server'>;

export function kindOf(phase: Phase): PhaseKind {
  switch (phase.arrival.kind) {
    case 'closed':
      return 'throughput';
    case 'open':
      return 'latency';
    case 'idle':
      return 'idle';
  }
}

/** Puts the figures of one phase together and judges them. */
export function phaseFigures(
  plan: LoadPlan,
  outcome: PhaseOutcome,
  readings: GeneratorReadings,
  server: ServerCondition,
  ceiling: Ceiling | null,
): LoadedPhase {
  const phase = plan.phases[outcome.phase]!;
  const kind = kindOf(phase);
  const errorStatuses = addNamed(outcome.requests.map((request) => request.errorStatuses));
  const load = loadFigures(plan, phase, outcome, totalOf(errorStatuses));
  const generator = {
    ...generatorFigures(phase, outcome, readings),
    ceiling: ceilingFigure(load, ceiling),
  };
  const latencyUs = outcome.distributions.latency;
  const { streams, distributions, windowSeconds } = outcome;
  const events = asksForStreams(plan) ? eventFigures(streams, distributions, windowSeconds) : null;
  const judged = {
    ...{ load, generator, server, latencyUs, events, endedPids: server.endedPids },
    seconds: outcome.windowSeconds,
    requestsAsked: phase.durationMicros === null ? outcome.planned : null,
    errorStatuses,
    stalled: outcome.stalled,
    missing: outcome.missing,
  };
  const saturated = isSaturated(kind, judged);
  const warnings = judge(kind, judged);
  return {
    name: phase.name,
    kind,
    valid: isValid(warnings),
    warnings,
    requests: requestFigures(plan, outcome),
    load: { ...load, lowerBound: kind === 'throughput' && saturated },
    latencyUs,
    serviceTimeUs: outcome.distributions.serviceTime,
    connectUs: outcome.distributions.connect,
    sendDelayUs: outcome.distributions.sendDelay,
    events,
    generator: { ...generator, saturated },
  };
}

function loadFigures(
  plan: LoadPlan,
  phase: Phase,
  outcome: PhaseOutcome,
  errorResponses: number,
): LoadFigures {
  const { windowSeconds, planned, sent } = outcome;
  return {
    engine: plan.engine,
    unit: unitOf(plan),
    threads: plan.threads,
    connections: {
      requested: Math.max(phase.connections.from, phase.connections.to),
      established: outcome.established,
      failed: outcome.failed,
      opened: outcome.opened,
      lost: outcome.lost,
    },
    requestsPlanned: planned,
    requestsSent: sent,
    responses: outcome.responses,
    responsesInWindow: outcome.responsesInWindow,
    statusCodes: outcome.statusCodes,
    errors: outcome.errors,
    errorResponses,
    connectErrors: outcome.connectErrors,
    callsEnded: outcome.callsEnded,
    inFlightAtEnd: outcome.inFlight,
    notSent: { shed: outcome.shed, unsent: outcome.unsent },
    durationSeconds: windowSeconds,
    requestsPerSecond: windowSeconds === 0 ? 0 : outcome.responsesInWindow / windowSeconds,
    lowerBound: false,
    offeredPerSecond:
      phase.arrival.kind === 'open' && planned !== null && windowSeconds > 0
        ? planned / windowSeconds
        : null,
    rateRatio: phase.arrival.kind === 'open' && planned !== null ? sent / planned : null,
    fanOut: outcome.deliveries,
    bytesReceived: outcome.bytesReceived,
    bytesSent: outcome.bytesSent,
    tlsHandshakes: isSecure(plan) ? { ...outcome.handshakes } : null,
    failureReasons: [...outcome.failureReasons],
    negotiated: outcome.opened + outcome.established === 0 ? [] : [...outcome.negotiated],
  };
}

function ceilingFigure(
  { requestsPerSecond }: LoadFigures,
  ceiling: Ceiling | null,
): GeneratorFigures['ceiling'] {
  if (ceiling === null) return null;
  const { requestsPerSecond: most, measuredAt } = ceiling;
  return { requestsPerSecond: most, share: requestsPerSecond / most, measuredAt };
}

function generatorFigures(
  phase: Phase,
  outcome: PhaseOutcome,
  { threads, rssPeakBytes, spinning }: GeneratorReadings,
): Omit<GeneratorFigures, 'saturated' | 'ceiling'> {
  const open = phase.arrival.kind === 'open';
  const workers = outcome.shards.map((shard, thread) => {
    const times = threads[thread] ?? null;
    return {
      thread,
      cpuSeconds: times === null ? null : times.cpuMillis / 1000,
      runQueueDelayMs: times === null ? null : times.runQueueMillis,
      requestsSent: shard.tally.sent,
    };
  });
  const known = workers.every((worker) => worker.cpuSeconds !== null);
  const cpuSeconds = known ? workers.reduce((sum, w) => sum + (w.cpuSeconds ?? 0), 0) : null;
  const busiest = Math.max(...workers.map((w) => w.cpuSeconds ?? 0));
  const { windowSeconds, responsesInWindow } = outcome;
  return {
    cpuSeconds,
    cpuUsPerRequest:
      cpuSeconds === null || responsesInWindow === 0
        ? null
        : (cpuSeconds * 1e6) / responsesInWindow,
    cpuUtilization: cpuSeconds === null || windowSeconds === 0 ? null : busiest / windowSeconds,
    spinning: open && spinning,
    runQueueDelayMs: known ? workers.reduce((sum, w) => sum + (w.runQueueDelayMs ?? 0), 0) : null,
    rssPeakBytes,
    pacingLagUs: outcome.distributions.pacingLag,
    wakeUpLagUs: outcome.distributions.wakeUpLag,
    littlesLawRatio: littlesLawRatio(phase, outcome),
    workers,
  };
}

/** Closed workload: each connection that can be used is held by a request, all the time. */
function littlesLawRatio(phase: Phase, outcome: PhaseOutcome): number | null {
  const { responses, heldSeconds, usableSeconds } = outcome;
  const endless = phase.requests === null && phase.origin === undefined;
  if (phase.arrival.kind !== 'closed' || !endless) return null;
  return responses > 0 && usableSeconds > 0 ? heldSeconds / usableSeconds : null;
}
