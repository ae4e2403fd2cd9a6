import { webSocketWarnings } from './websocket-warnings.js';
import { streamWarnings } from './stream-warnings.js';
import { http2Warnings } from './http2-warnings.js';
import { inUnit } from './unit-words.js';
import { totalOf } from '../results/counts.js';
import type { Distribution } from '../results/distribution.js';
import type { EventFigures } from '../results/events.js';
import { failureRemedy, failureWords } from './failure-remedies.js';
import type {
  GeneratorFigures,
  LoadFigures,
  PhaseKind,
  ServerFigures,
  Warning,
} from '../results/figures.js';

/** Above this share of a CPU, a worker has no time left to be faster. */
const saturatedUtilization = 0.9;
/** A generator that is later than this in one of a hundred sends cannot keep the pace. */
const saturatedPacingLagUs = 5_000;
/** A server that uses so much of its CPUs is the limit, even if the generator is busy as well. */
const serverBusyUtilization = 0.95;
/** Of the generator's calibrated ceiling: from here on it may have been the limit … */
const nearCeiling = 0.8;
/** … and here it was. */
const atCeiling = 0.97;
/** A run that beats the ceiling disproves it. */
const aboveCeiling = 1.05;
const errorLimit = 0.01;
const rateRatioLimit = 0.99;
const lagShare = 0.5;
const littlesLawTolerance = 0.1;
/** Shorter phases, and percentiles of fewer requests, say nothing of the generator. */
const shortestJudgedSeconds = 1;
const fewestJudgedRequests = 100;

/** A share of the load whose worker failed. */
export interface MissingShard {
  readonly shard: number;
  readonly of: number;
  readonly failure: Error;
}

interface Judged {
  /** Of the phase's clock. */
  readonly seconds: number;
  readonly load: LoadFigures;
  readonly generator: Omit<GeneratorFigures, 'saturated'>;
  readonly server: Pick<ServerFigures, 'cpuUtilization'> | null;
  /** The server's processes that ended during the phase. */
  readonly endedPids: readonly number[];
  readonly latencyUs: Distribution | null;
  readonly events: EventFigures | null;
  /** The number of requests that must be sent, however long it takes; null: there is none. */
  readonly requestsAsked: number | null;
  /** Responses with a status from 400 on that their request does not expect. */
  readonly errorStatuses: Readonly<Record<string, number>>;
  /** It was given up, since nothing answered. */
  readonly stalled: boolean;
  readonly missing: readonly MissingShard[];
}

/** What of it tells whether the generator was the limit. */
interface Busyness {
  readonly seconds: number;
  readonly generator: Pick<GeneratorFigures, 'cpuUtilization' | 'ceiling'> & {
    readonly pacingLagUs: Pick<Distribution, 'count' | 'p99'> | null;
  };
  readonly server: Pick<ServerFigures, 'cpuUtilization'> | null;
}

/**
 * Whether the generator, not the server, set the figure. In an open workload its workers may poll,
 * so their CPU use says nothing there and the pacing lag decides.
 */
export function isSaturated(kind: PhaseKind, { seconds, generator, server }: Busyness): boolean {
  if (seconds < shortestJudgedSeconds) return false;
  switch (kind) {
    case 'idle':
      return false;
    case 'latency':
      return isLate(generator.pacingLagUs);
    case 'throughput':
      return (
        isAtCeiling(generator.ceiling) ||
        isCpuTheLimit(generator.cpuUtilization ?? 0, server?.cpuUtilization ?? 0)
      );
  }
}

/**
 * Whether a closed load is bound by the generator's CPU and not by the server's. Both are shares of
 * what each may use, the generator's that of its busiest worker.
 */
export function isCpuTheLimit(generatorUtilization: number, serverUtilization: number): boolean {
  return generatorUtilization > saturatedUtilization && serverUtilization < serverBusyUtilization;
}

/** With more requests failing, what is measured is how fast a server fails. */
export function failsTooOften(failed: number, sent: number): boolean {
  return failed > errorLimit * sent;
}

function isLate(lagUs: Pick<Distribution, 'count' | 'p99'> | null): boolean {
  return lagUs !== null && lagUs.count >= fewestJudgedRequests && lagUs.p99 > saturatedPacingLagUs;
}

/** What a reader must know before trusting a phase, the gravest first. */
export function judge(kind: PhaseKind, judged: Judged): Warning[] {
  const { unit } = judged.load;
  const missing = shardMissing(judged.missing);
  const found = [
    serverEnded(judged),
    ...http2Warnings(judged.load),
    ...webSocketWarnings(judged.load),
    notEstablished(judged.load),
    nothingAnswered(kind, judged),
    ...streamWarnings(judged.load, judged.events),
    tooManyErrors(judged.load),
    saturated(kind, judged),
    rateNotReached(judged.load),
    requestsNotSent(judged),
    littlesLaw(kind, judged),
    errorStatuses(judged),
    lostConnections(judged.load),
    nearItsCeiling(kind, judged),
    outdatedCeiling(judged.generator),
    lagInTail(judged),
  ].filter((warning) => warning !== null);
  return [
    ...(missing === null ? [] : [missing]),
    ...found.map(({ code, message, remedy }) => ({
      code,
      message: inUnit(message, unit),
      remedy: inUnit(remedy, unit),
    })),
  ];
}

/** What is said of a load that went on, or ended, without a part of it; null: nothing is missing. */
export function shardMissing(missing: readonly MissingShard[]): Warning | null {
  if (missing.length === 0) return null;
  const which = missing.map(({ shard }) => shard).join(' and ');
  const last = missing[0]!.of - 1;
  const { cause } = missing[0]!.failure;
  const why = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'shard-missing',
    message: `Load worker ${which} of 0 to ${last} failed (${why}): the load ended early, and what this shard had not told yet is missing`,
    remedy: 'Run it again; if it fails again, this is a fault of c1m’s: please report it',
  };
}

function serverEnded({ endedPids }: Judged): Warning | null {
  if (endedPids.length === 0) return null;
  const which = `${endedPids.length === 1 ? 'process' : 'processes'} ${endedPids.join(', ')}`;
  return {
    code: 'server-ended',
    message: `The server’s ${which} ended during the phase: what it did after it was last looked at is missing`,
    remedy: 'Look into the server’s log',
  };
}

function notEstablished(load: LoadFigures): Warning | null {
  const { connections, connectErrors, errors } = load;
  if (connections.failed === 0) return null;
  const code = 'connections-not-established';
  const which = `${connections.failed} of ${connections.requested}`;
  // A request may have been under way on it already, and then it is that which failed.
  const early = (errors['reset'] ?? 0) + (errors['closed-before-response'] ?? 0) > 0;
  const most = mostOften(connectErrors) ?? (early ? 'closed-on-accept' : undefined);
  if (most === 'closed-on-accept') {
    return {
      code,
      message: `The server closed ${which} connections right after it had accepted them`,
      remedy:
        'Raise what the server allows (its limit of connections, and of open files: ulimit -n), or ask for fewer with --connections',
    };
  }
  if (most === 'not-kept') {
    return {
      code,
      message: `The server does not keep connections open: it closed ${which}, where they were to be held`,
      remedy:
        'Let it keep connections alive (HTTP/1.1 without Connection: close), or leave out the idle hold: there is no memory per connection to measure',
    };
  }
  const why = listKinds(connectErrors);
  return {
    code,
    message: `${connections.failed} of ${connections.requested} connections were not open${why}${failureWords(load)}`,
    remedy:
      failureRemedy(load) ??
      'Check that the server runs and accepts so many connections, and the limits of this machine: ulimit -n, net.ipv4.ip_local_port_range, net.core.somaxconn',
  };
}

function nothingAnswered(kind: PhaseKind, { load, events }: Judged): Warning | null {
  // A stream that goes on is an answer, too.
  if (kind === 'idle' || load.responses > 0 || (events?.streams ?? 0) > 0) return null;
  return {
    code: 'no-responses',
    message: `No request was answered${listKinds({ ...load.connectErrors, ...load.errors })}${failureWords(load)}`,
    remedy: failureRemedy(load) ?? 'Check the URL, and that the server is running: curl -v URL',
  };
}

function tooManyErrors(load: LoadFigures): Warning | null {
  const { requestsSent, errors } = load;
  const failed = totalOf(errors);
  if (!failsTooOften(failed, requestsSent)) return null;
  return {
    code: 'errors',
    message: `${percent(failed / requestsSent)} of the requests failed${listKinds(errors)}${failureWords(load)}`,
    remedy:
      failureRemedy(load) ??
      'Look into the server’s log; lower the load, or raise --timeout if its answers are merely slow',
  };
}

function saturated(kind: PhaseKind, judged: Judged): Warning | null {
  if (!isSaturated(kind, judged)) return null;
  if (kind === 'latency') {
    const lag = judged.generator.pacingLagUs?.p99 ?? 0;
    return {
      code: 'generator-late',
      message: `c1m itself sent 1 % of the requests more than ${(lag / 1000).toFixed(1)} ms late`,
      remedy: 'Lower --rate, raise --threads, or give the generator CPUs of its own (--load-cpus)',
    };
  }
  const { ceiling } = judged.generator;
  return {
    code: 'generator-saturated',
    message:
      ceiling !== null && isAtCeiling(ceiling)
        ? `${shareOf(ceiling)}, so the server may be faster than shown`
        : 'c1m used all of its CPU, so the server may be faster than shown',
    remedy:
      'Raise --threads and give the load more CPUs (--load-cpus), or read the rate as a lower bound',
  };
}

function nearItsCeiling(kind: PhaseKind, judged: Judged): Warning | null {
  const { ceiling } = judged.generator;
  if (kind === 'idle' || ceiling === null || ceiling.share < nearCeiling) return null;
  if (isSaturated(kind, judged)) return null;
  return {
    code: 'near-generator-ceiling',
    message: `${shareOf(ceiling)}; c1m may have been part of the limit`,
    remedy: 'Raise --threads and give the load more CPUs (--load-cpus), or lower the load',
  };
}

function isAtCeiling(ceiling: GeneratorFigures['ceiling']): boolean {
  return ceiling !== null && ceiling.share >= atCeiling && ceiling.share <= aboveCeiling;
}

function outdatedCeiling({ ceiling }: Judged['generator']): Warning | null {
  if (ceiling === null || ceiling.share <= aboveCeiling) return null;
  return {
    code: 'calibration-outdated',
    message: `${shareOf(ceiling)} by its calibration of ${ceiling.measuredAt.slice(0, 10)}`,
    remedy: 'Run c1m calibrate again, on a quiet machine',
  };
}

/** As `c1m calibrate` found it. */
function shareOf({ share, requestsPerSecond }: NonNullable<GeneratorFigures['ceiling']>): string {
  return `This is ${percent(share)} of the ${Math.round(requestsPerSecond)} requests/s that c1m can make on this machine`;
}

function rateNotReached({ rateRatio, notSent }: LoadFigures): Warning | null {
  if (rateRatio === null || rateRatio >= rateRatioLimit) return null;
  return {
    code: 'rate-not-reached',
    message: `Only ${percent(rateRatio)} of the planned requests were sent (${notSent.unsent} found no free connection, ${notSent.shed} were shed)`,
    remedy: 'Lower --rate, or raise --connections so that more requests can be under way at once',
  };
}

/** However long it takes, so many were to be sent. */
function requestsNotSent({ load, requestsAsked, stalled }: Judged): Warning | null {
  if (requestsAsked === null || load.requestsSent >= requestsAsked) return null;
  const why = stalled ? ': it was given up, since nothing was answered for too long' : '';
  return {
    code: 'requests-not-sent',
    message: `Only ${load.requestsSent} of the ${requestsAsked} requests that were asked for were sent${why}`,
    remedy:
      'See that the server answers (curl -v URL) and keeps up; --timeout and --connect-timeout are how long it is waited for',
  };
}

/** Percentiles of which at least half may be the generator's own lateness are upper bounds. */
export function isLagBound(
  percentile: 'p99' | 'p999',
  latencyUs: Distribution | null,
  pacingLagUs: Distribution | null,
): boolean {
  if (latencyUs === null || pacingLagUs === null) return false;
  return pacingLagUs[percentile] >= lagShare * latencyUs[percentile];
}

function lagInTail({ latencyUs, generator: { pacingLagUs } }: Judged): Warning | null {
  if (pacingLagUs === null || !isLagBound('p999', latencyUs, pacingLagUs)) return null;
  const lag = (pacingLagUs.p999 / 1000).toFixed(1);
  return {
    code: 'generator-lag-in-tail',
    message: `c1m itself was up to ${lag} ms late in one of a thousand sends, which the latency’s tail holds`,
    remedy: 'Read the service time beside it, or give the generator more CPUs than it has threads',
  };
}

function littlesLaw(kind: PhaseKind, { seconds, generator }: Judged): Warning | null {
  const { littlesLawRatio } = generator;
  if (kind !== 'throughput' || littlesLawRatio === null) return null;
  if (seconds < shortestJudgedSeconds) return null;
  if (Math.abs(littlesLawRatio - 1) <= littlesLawTolerance) return null;
  return {
    code: 'littles-law',
    message: `Requests held the connections for ${littlesLawRatio.toFixed(2)} of the time that these were open; in a closed workload it must be 1`,
    remedy: 'The generator was held up: run longer, on a quieter machine, or with more --threads',
  };
}

function errorStatuses({ errorStatuses: bad, load: { responses } }: Judged): Warning | null {
  const count = totalOf(bad);
  if (count === 0) return null;
  return {
    code: 'error-statuses',
    message: `${count} of ${responses} responses have an error status${listKinds(bad)}`,
    remedy: 'Check path, method and headers',
  };
}

function lostConnections({ connections }: LoadFigures): Warning | null {
  if (connections.lost === 0) return null;
  return {
    code: 'connections-lost',
    message: `The server closed ${connections.lost} idle connections`,
    remedy: 'Raise the server’s keep-alive timeout, so that what is measured is not reconnecting',
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function mostOften(counts: Readonly<Record<string, number>>): string | undefined {
  return Object.entries(counts).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** ": 12 refused, 3 reset", the most frequent first; nothing for nothing. */
function listKinds(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return kinds.length === 0 ? '' : `: ${kinds.map(([kind, n]) => `${n} ${kind}`).join(', ')}`;
}
