import { censoredDistribution, plainDistribution } from '../measure/censored-distribution.js';
import type { CensoredDistribution, Distribution } from '../results/distribution.js';
import type { ShardOutcome } from './messages.js';
import { countsOf, type DistributionName, type Interval } from './recorder.js';

/** What all shards did in one phase, summed. */
export interface PhaseOutcome {
  readonly phase: number;
  readonly shards: readonly ShardOutcome[];
  readonly sent: number;
  readonly responses: number;
  readonly responsesInWindow: number;
  readonly statusCodes: Record<string, number>;
  readonly errors: Record<string, number>;
  readonly connectErrors: Record<string, number>;
  readonly planned: number | null;
  readonly shed: number;
  readonly unsent: number;
  readonly inFlight: number;
  readonly opened: number;
  readonly lost: number;
  readonly established: number;
  readonly failed: number;
  readonly windowSeconds: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly stalled: boolean;
  readonly distributions: Readonly<
    Record<Exclude<DistributionName, 'pacingLag'>, CensoredDistribution | null> & {
      pacingLag: Distribution | null;
    }
  >;
  /** The mean of those that were answered; 0 of none. */
  readonly answeredServiceMicros: number;
  /** For how long connections were taken, within the clock, by requests that were not answered. */
  readonly unansweredSeconds: number;
  /** By second of the phase's clock, one interval per shard. */
  readonly seconds: ReadonlyMap<number, readonly Interval[]>;
}

export function mergeOutcomes(
  shards: readonly ShardOutcome[],
  seconds: ReadonlyMap<number, readonly Interval[]>,
): PhaseOutcome {
  const intervals = [...seconds.values()].flat();
  const sum = (of: (shard: ShardOutcome) => number): number =>
    shards.reduce((total, shard) => total + of(shard), 0);
  const sumNamed = (of: (shard: ShardOutcome) => Readonly<Record<string, number>>) =>
    addNamed(shards.map(of));
  return {
    phase: shards[0]!.phase,
    shards,
    sent: sum((s) => s.tally.sent),
    responses: sum((s) => s.tally.responses),
    responsesInWindow: sum((s) => s.tally.responsesInWindow),
    statusCodes: sumNamed((s) => s.tally.statusCodes),
    errors: sumNamed((s) => s.tally.errors),
    connectErrors: sumNamed((s) => s.tally.connectErrors),
    planned: shards.some((s) => s.planned === null) ? null : sum((s) => s.planned ?? 0),
    shed: sum((s) => s.notSent.shed),
    unsent: sum((s) => s.notSent.unsent),
    inFlight: sum((s) => s.inFlight),
    opened: sum((s) => s.tally.opened),
    lost: sum((s) => s.tally.lost),
    established: sum((s) => s.established),
    failed: sum((s) => s.failed),
    windowSeconds: Math.max(...shards.map((s) => s.windowMicros)) / 1e6,
    bytesSent: sum((s) => s.bytesSent),
    bytesReceived: sum((s) => s.bytesReceived),
    stalled: shards.some((s) => s.stalled),
    distributions: mergeDistributions(intervals),
    answeredServiceMicros: plainDistribution(countsOf(intervals, 'serviceTime').ended)?.mean ?? 0,
    unansweredSeconds: sum((s) => s.tally.unansweredMicros) / 1e6,
    seconds,
  };
}

/** Counts of several, added up by name. */
export function addNamed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

function mergeDistributions(intervals: readonly Interval[]): PhaseOutcome['distributions'] {
  const censored = (name: DistributionName): CensoredDistribution | null => {
    const counts = countsOf(intervals, name);
    return censoredDistribution(counts.ended, counts.censored);
  };
  return {
    latency: censored('latency'),
    serviceTime: censored('serviceTime'),
    connect: censored('connect'),
    sendDelay: censored('sendDelay'),
    pacingLag: plainDistribution(countsOf(intervals, 'pacingLag').ended),
  };
}
