import { sameCounts, wholeMicros } from '../latency/counts.js';
import { censoredDistribution, plainDistribution } from '../latency/censored-distribution.js';
import type { MissingShard } from '../figures/validity.js';
import { addNamed, totalOf } from '../results/counts.js';
import type { CensoredDistribution, Distribution } from '../results/distribution.js';
import type { DeliveryTally } from './deliveries.js';
import { isConnectErrorKind } from './errors.js';
import type { Progress, ShardOutcome } from './messages.js';
import { distinct, noHandshakes, type Handshakes, type Negotiated } from './negotiated.js';
import { distinctReasons, type FailureReason } from './failure-reasons.js';
import { mergeRequests, type RequestOutcome } from './request-outcome.js';
import { countsOf, type DistributionName, type Interval, type LagName } from './recorder.js';
import { noStreams, sumStreams, type StreamTally } from './stream-series.js';

/** What of a fan-out's messages came, of all receivers. */
interface FanOutDeliveries extends Omit<DeliveryTally, 'timeoutMicros'> {
  /** As many as were published, for each receiver. */
  readonly expected: number;
}

/** What all shards did in one phase, summed. */
export interface PhaseOutcome {
  readonly phase: number;
  readonly shards: readonly ShardOutcome[];
  readonly sent: number;
  readonly responses: number;
  readonly responsesInWindow: number;
  readonly statusCodes: Record<string, number>;
  readonly errors: Record<string, number>;
  /** By place in the plan. */
  readonly requests: readonly RequestOutcome[];
  readonly streams: StreamTally;
  readonly connectErrors: Record<string, number>;
  readonly callsEnded: Record<string, number>;
  readonly planned: number | null;
  readonly shed: number;
  readonly unsent: number;
  readonly inFlight: number;
  readonly opened: number;
  readonly lost: number;
  readonly established: number;
  /** By origin, connections that were open at the end. */
  readonly openByOrigin: readonly number[];
  /** By origin, connections that were wanted and could not be opened, or kept open. */
  readonly failedByOrigin: readonly number[];
  readonly failed: number;
  /** Connection-seconds of the clock: for which connections were of use, and held by requests. */
  readonly usableSeconds: number;
  readonly heldSeconds: number;
  readonly windowSeconds: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly stalled: boolean;
  readonly negotiated: readonly Negotiated[];
  readonly handshakes: Readonly<Handshakes>;
  readonly failureReasons: readonly FailureReason[];
  readonly deliveries: FanOutDeliveries | null;
  readonly distributions: Readonly<
    Record<Exclude<DistributionName, LagName>, CensoredDistribution | null> &
      Record<LagName, Distribution | null>
  >;
  /** By second of the phase's clock, one interval per shard. */
  readonly seconds: ReadonlyMap<number, readonly Interval[]>;
  /** Of these it holds only what they had told before they failed. */
  readonly missing: readonly MissingShard[];
}

/** @throws what a worker failed with: for all who can do nothing with half a load */
export function ofAllShards(outcome: PhaseOutcome): PhaseOutcome {
  const [missing] = outcome.missing;
  if (missing !== undefined) throw missing.failure;
  return outcome;
}

export function mergeOutcomes(
  shards: readonly ShardOutcome[],
  told: ReadonlyMap<number, readonly Interval[]>,
  missing: readonly MissingShard[],
): PhaseOutcome {
  const deliveries = mergeDeliveries(shards);
  const seconds = withLost(told, deliveries, shards);
  const intervals = [...seconds.values()].flat();
  const sum = (of: (shard: ShardOutcome) => number): number =>
    shards.reduce((total, shard) => total + of(shard), 0);
  const byOrigin = (of: (shard: ShardOutcome) => readonly number[]): number[] => {
    const origins = Math.max(...shards.map((shard) => of(shard).length));
    return Array.from({ length: origins }, (_, origin) => sum((shard) => of(shard)[origin] ?? 0));
  };
  const openByOrigin = byOrigin((shard) => shard.openByOrigin);
  const failedByOrigin = byOrigin((shard) => shard.failedByOrigin);
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
    requests: mergeRequests(shards.map((s) => s.tally.requests)),
    streams: sumStreams(shards.map((s) => s.tally.streams)),
    connectErrors: sumNamed((s) => s.tally.connectErrors),
    callsEnded: sumNamed((s) => s.tally.callsEnded),
    planned: shards.some((s) => s.planned === null) ? null : sum((s) => s.planned ?? 0),
    shed: sum((s) => s.notSent.shed),
    unsent: sum((s) => s.notSent.unsent),
    inFlight: sum((s) => s.inFlight),
    opened: sum((s) => s.tally.opened),
    lost: sum((s) => s.tally.lost),
    openByOrigin,
    established: openByOrigin.reduce((total, count) => total + count, 0),
    failedByOrigin,
    failed: failedByOrigin.reduce((total, count) => total + count, 0),
    usableSeconds: sum((s) => s.usableMicros) / 1e6,
    heldSeconds:
      (totalMicros(plainDistribution(countsOf(intervals, 'latency').ended)) +
        sum((s) => s.tally.unansweredMicros - s.tally.overhangMicros)) /
      1e6,
    windowSeconds: Math.max(...shards.map((s) => s.windowMicros)) / 1e6,
    bytesSent: sum((s) => s.bytesSent),
    bytesReceived: sum((s) => s.bytesReceived),
    stalled: shards.some((s) => s.stalled),
    negotiated: distinct(shards.flatMap((s) => s.negotiated)),
    handshakes: {
      full: sum((s) => s.handshakes.full),
      resumed: sum((s) => s.handshakes.resumed),
    },
    failureReasons: distinctReasons(shards.flatMap((s) => s.failureReasons)),
    deliveries,
    distributions: mergeDistributions(intervals),
    seconds,
    missing,
  };
}

/**
 * The outcome of a shard that failed, as far as its last words go. What it had sent and told no end
 * of counts as in flight; status codes, bytes and which request it was are told at the end only.
 */
export function toldOutcome(
  phase: number,
  { sent, responses, errors }: Progress,
  windowMicros: number,
): ShardOutcome {
  const named = Object.entries(errors);
  const failed = Object.fromEntries(named.filter(([kind]) => !isConnectErrorKind(kind)));
  const connectErrors = Object.fromEntries(named.filter(([kind]) => isConnectErrorKind(kind)));
  const tally = { sent, responses, responsesInWindow: responses, statusCodes: {}, requests: [] };
  const streams = { streams: noStreams, cut: 0 };
  return {
    phase,
    tally: {
      ...tally,
      ...streams,
      ...{ errors: failed, connectErrors, callsEnded: {}, opened: 0, lost: 0 },
      ...{ unansweredMicros: 0, overhangMicros: 0 },
    },
    planned: null,
    notSent: { shed: 0, unsent: 0 },
    inFlight: Math.max(0, sent - responses - totalOf(failed)),
    openByOrigin: [],
    failedByOrigin: [],
    usableMicros: 0,
    windowMicros,
    bytesSent: 0,
    bytesReceived: 0,
    stalled: false,
    negotiated: [],
    handshakes: noHandshakes,
    failureReasons: [],
    deliveries: null,
  };
}

/** null where no shard has any. */
function mergeDeliveries(shards: readonly ShardOutcome[]): FanOutDeliveries | null {
  const tallies = shards.flatMap(({ deliveries }) => deliveries ?? []);
  if (tallies.length === 0) return null;
  const sum = (of: (tally: DeliveryTally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const receivers = sum((tally) => tally.receivers);
  return {
    receivers,
    expected: shards.reduce((total, { tally }) => total + tally.sent, 0) * receivers,
    delivered: sum((tally) => tally.delivered),
    deliveredInWindow: sum((tally) => tally.deliveredInWindow),
    duplicates: sum((tally) => tally.duplicates),
  };
}

/** With the deliveries that did not come: each took at least as long as it was waited for. */
function withLost(
  seconds: ReadonlyMap<number, readonly Interval[]>,
  deliveries: FanOutDeliveries | null,
  shards: readonly ShardOutcome[],
): ReadonlyMap<number, readonly Interval[]> {
  const lost = deliveries === null ? 0 : deliveries.expected - deliveries.delivered;
  if (lost <= 0 || seconds.size === 0) return seconds;
  const waits = shards.flatMap((shard) => shard.deliveries?.timeoutMicros ?? []);
  const last = Math.max(...seconds.keys());
  const latencyCensored = sameCounts(wholeMicros(Math.max(...waits)), lost);
  return new Map([...seconds, [last, [...(seconds.get(last) ?? []), { latencyCensored }]]]);
}

function totalMicros(distribution: Distribution | null): number {
  return distribution === null ? 0 : distribution.mean * distribution.count;
}

function mergeDistributions(intervals: readonly Interval[]): PhaseOutcome['distributions'] {
  const censored = (name: DistributionName): CensoredDistribution | null => {
    const counts = countsOf(intervals, name);
    return censoredDistribution(counts.ended, counts.censored);
  };
  const lag = (name: LagName): Distribution | null =>
    plainDistribution(countsOf(intervals, name).ended);
  return {
    latency: censored('latency'),
    serviceTime: censored('serviceTime'),
    connect: censored('connect'),
    sendDelay: censored('sendDelay'),
    pacingLag: lag('pacingLag'),
    firstByte: censored('firstByte'),
    firstEvent: censored('firstEvent'),
    firstEventService: censored('firstEventService'),
    betweenEvents: censored('betweenEvents'),
    wakeUpLag: lag('wakeUpLag'),
  };
}
