import { Histogram } from '../measure/histogram.js';
import type { Distribution } from '../results/distribution.js';
import type { ShardOutcome } from './messages.js';
import { distributionNames, type DistributionName, type Interval } from './recorder.js';

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
  /** Connection-seconds of the clock: for which connections were of use, and held by requests. */
  readonly usableSeconds: number;
  readonly heldSeconds: number;
  readonly windowSeconds: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly stalled: boolean;
  readonly distributions: Record<DistributionName, Distribution | null>;
  /** By second of the phase's clock, one interval per shard. */
  readonly seconds: ReadonlyMap<number, readonly Interval[]>;
}

export function mergeOutcomes(
  shards: readonly ShardOutcome[],
  seconds: ReadonlyMap<number, readonly Interval[]>,
): PhaseOutcome {
  const sum = (of: (shard: ShardOutcome) => number): number =>
    shards.reduce((total, shard) => total + of(shard), 0);
  const sumNamed = (of: (shard: ShardOutcome) => Readonly<Record<string, number>>) =>
    addNamed(shards.map(of));
  const distributions = mergeDistributions(seconds);
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
    usableSeconds: sum((s) => s.usableMicros) / 1e6,
    heldSeconds:
      (totalMicros(distributions.latency) +
        sum((s) => s.tally.unansweredMicros - s.tally.overhangMicros)) /
      1e6,
    windowSeconds: Math.max(...shards.map((s) => s.windowMicros)) / 1e6,
    bytesSent: sum((s) => s.bytesSent),
    bytesReceived: sum((s) => s.bytesReceived),
    stalled: shards.some((s) => s.stalled),
    distributions,
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

function totalMicros(distribution: Distribution | null): number {
  return distribution === null ? 0 : distribution.mean * distribution.count;
}

function mergeDistributions(
  seconds: ReadonlyMap<number, readonly Interval[]>,
): Record<DistributionName, Distribution | null> {
  const merged = {} as Record<DistributionName, Distribution | null>;
  const histogram = new Histogram();
  for (const name of distributionNames) {
    histogram.clear();
    for (const intervals of seconds.values()) {
      for (const interval of intervals) {
        if (interval[name] !== undefined) histogram.add(interval[name]);
      }
    }
    merged[name] = histogram.distribution();
  }
  histogram.dispose();
  return merged;
}
