import { metricNames, type MetricName } from '../gate/metric.js';

/** What a pair consists of; each takes seconds. */
export interface Stages {
  readonly startUps: boolean;
  readonly holds: boolean;
  readonly closed: boolean;
  readonly open: boolean;
}

type Stage = keyof Stages;

/** Where the figures come from. Memory peaks with many connections, or under full load. */
const stagesOf: Readonly<Record<MetricName, readonly Stage[]>> = {
  requestsPerSecond: ['closed'],
  cpuUsPerRequest: ['closed'],
  instructionsPerRequest: ['closed'],
  p50: ['open'],
  p99: ['closed'],
  rssIdle: ['holds'],
  rssPeak: ['holds', 'closed'],
  bytesPerConnection: ['holds'],
  startup: ['startUps'],
  errors: ['closed'],
  eventsPerSecond: ['closed'],
  'firstEvent.p50': ['open'],
  'firstEvent.p99': ['closed'],
  'betweenEvents.p50': ['closed'],
  'betweenEvents.p99': ['closed'],
  // Of no duet.
  reach: [],
};

/** What each takes, in seconds of a Node server, with the warm-up before it: closed and open share one. */
const secondsOf: Readonly<Record<Stage, number>> = { startUps: 1, holds: 2.5, closed: 5, open: 5 };

/** What a pair is measured for: what is undecided, or in a second set what is suspected. */
interface Wanted {
  readonly set: 'first' | 'second';
  readonly wanted: readonly MetricName[];
}

/**
 * Those that the metrics need. Of a second set, those of the metric that is measured soonest: one
 * confirmed regression is the verdict, so the others have their turn only if it is refuted.
 */
export function stagesFor({ set, wanted }: Wanted): Stages {
  const quickest = [...wanted].sort((a, b) => secondsFor(a) - secondsFor(b)).slice(0, 1);
  const needed = new Set((set === 'second' ? quickest : wanted).flatMap((it) => stagesOf[it]));
  return {
    startUps: needed.has('startUps'),
    holds: needed.has('holds'),
    closed: needed.has('closed'),
    open: needed.has('open'),
  };
}

function secondsFor(metric: MetricName): number {
  return stagesOf[metric].reduce((sum, stage) => sum + secondsOf[stage], 0);
}

/** What a pair of these stages takes, in proportion to one of others. */
export function costOf(stages: Stages): number {
  return (Object.keys(secondsOf) as Stage[])
    .filter((stage) => stages[stage])
    .reduce((sum, stage) => sum + secondsOf[stage], 0);
}

/** The metrics that a pair of these stages cannot have. */
export function skippedBy(stages: Stages): MetricName[] {
  return metricNames.filter((metric) => !stagesOf[metric].every((stage) => stages[stage]));
}
