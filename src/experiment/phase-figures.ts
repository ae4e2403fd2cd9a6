import type { Ceiling } from '../results/calibration.js';
import type { PhaseOutcome } from '../load/outcome.js';
import type { LoadPlan, Phase } from '../load/plan.js';
import type { ThreadTimes } from '../measure/own-threads.js';
import { addNamed, totalOf } from '../results/counts.js';
import { isValid } from '../figures/warning-classes.js';
import { isSaturated, judge } from '../figures/validity.js';
import { requestFigures } from './request-figures.js';
import type {
  GeneratorFigures,
  LoadFigures,
  PhaseKind,
  PhaseResult,
  ServerFigures,
} from '../results/figures.js';

/** What was read of the generator at the two edges of a phase's clock. */
interface GeneratorReadings {
  readonly before: readonly (ThreadTimes | null)[];
  readonly after: readonly (ThreadTimes | null)[];
  readonly rssPeakBytes: number;
  readonly spinning: boolean;
}

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

/** Puts the figures of one recorded phase together and judges them. */
export function phaseFigures(
  plan: LoadPlan,
  outcome: PhaseOutcome,
  readings: GeneratorReadings,
  startedAtSeconds: number,
  server: ServerFigures | null,
  ceiling: Ceiling | null,
): Omit<PhaseResult, 'traced'> {
  const phase = plan.phases[outcome.phase]!;
  const kind = kindOf(phase);
  const errorStatuses = addNamed(outcome.requests.map((request) => request.errorStatuses));
  const load = loadFigures(plan, phase, outcome, totalOf(errorStatuses));
  const generator = {
    ...generatorFigures(phase, outcome, readings),
    ceiling: ceilingFigure(load, ceiling),
  };
  const latencyUs = outcome.distributions.latency;
  const judged = {
    ...{ load, generator, server, latencyUs },
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
    startedAtSeconds,
    valid: isValid(warnings),
    warnings,
    requests: requestFigures(plan, outcome),
    load: { ...load, lowerBound: kind === 'throughput' && saturated },
    latencyUs,
    serviceTimeUs: outcome.distributions.serviceTime,
    connectUs: outcome.distributions.connect,
    sendDelayUs: outcome.distributions.sendDelay,
    server,
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
    bytesReceived: outcome.bytesReceived,
    bytesSent: outcome.bytesSent,
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
  { before, after, rssPeakBytes, spinning }: GeneratorReadings,
): Omit<GeneratorFigures, 'saturated' | 'ceiling'> {
  const open = phase.arrival.kind === 'open';
  const workers = outcome.shards.map((shard, thread) => {
    const from = before[thread] ?? null;
    const to = after[thread] ?? null;
    const known = from !== null && to !== null;
    return {
      thread,
      cpuSeconds: known ? (to.cpuMillis - from.cpuMillis) / 1000 : null,
      runQueueDelayMs: known ? to.runQueueMillis - from.runQueueMillis : null,
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
