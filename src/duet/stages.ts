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
};

/** Those that the metrics need which are still to be decided. */
export function stagesFor(metrics: readonly MetricName[]): Stages {
  const needed = new Set(metrics.flatMap((metric) => stagesOf[metric]));
  return {
    startUps: needed.has('startUps'),
    holds: needed.has('holds'),
    closed: needed.has('closed'),
    open: needed.has('open'),
  };
}

/** The metrics that a pair of these stages cannot have. */
export function skippedBy(stages: Stages): MetricName[] {
  return metricNames.filter((metric) => !stagesOf[metric].every((stage) => stages[stage]));
}
