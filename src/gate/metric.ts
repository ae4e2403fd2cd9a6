import { formatCount } from '../basis/format.js';
import type { Unit } from '../figures/figure.js';
import { figures } from '../figures/table.js';

/** What the gate compares between two builds of a server; the names that `--allow` takes. */
export const metrics = {
  requestsPerSecond: { label: 'requests/s', better: 'higher', allowed: { share: 0.03, floor: 0 } },
  cpuUsPerRequest: {
    label: 'CPU per request',
    better: 'lower',
    allowed: { share: 0.03, floor: 0.2 },
  },
  instructionsPerRequest: {
    label: 'instructions per request',
    better: 'lower',
    allowed: { share: 0.03, floor: 200 },
  },
  p50: { label: 'p50', better: 'lower', allowed: { share: 0.03, floor: 1 } },
  p99: { label: 'p99', better: 'lower', allowed: { share: 0.1, floor: 1 } },
  rssIdle: { label: 'RSS idle', better: 'lower', allowed: { share: 0.05, floor: 1e6 } },
  rssPeak: { label: 'RSS peak', better: 'lower', allowed: { share: 0.05, floor: 1e6 } },
  bytesPerConnection: {
    label: 'memory per connection',
    better: 'lower',
    allowed: { share: 0.05, floor: 256 },
  },
  startup: { label: 'start-up', better: 'lower', allowed: { share: 0.05, floor: 5_000 } },
  /** The share of requests that got the answer that was asked for. */
  errors: { label: 'answered as asked', better: 'higher', allowed: { share: 0.001, floor: 0 } },
  eventsPerSecond: {
    label: 'events/s',
    better: 'higher',
    allowed: { share: 0.03, floor: 0 },
    of: 'streams',
  },
  'firstEvent.p50': {
    label: 'TTFT p50',
    better: 'lower',
    allowed: { share: 0.03, floor: 1 },
    of: 'streams',
  },
  'firstEvent.p99': {
    label: 'TTFT p99',
    better: 'lower',
    allowed: { share: 0.1, floor: 1 },
    of: 'streams',
  },
  'betweenEvents.p50': {
    label: 'ITL p50',
    better: 'lower',
    allowed: { share: 0.03, floor: 10 },
    of: 'streams',
  },
  'betweenEvents.p99': {
    label: 'ITL p99',
    better: 'lower',
    allowed: { share: 0.1, floor: 10 },
    of: 'streams',
  },
  /** Of deliveries, which no duet has: a stored result does. */
  reach: { label: 'reach', better: 'higher', allowed: { share: 0.001, floor: 0 }, of: 'fan-out' },
} as const satisfies Record<string, Metric>;

/**
 * A change for the worse: a share of the base, or an absolute amount in the metric's unit where that
 * is more. Six percent of a start of ten milliseconds is nothing that anybody feels.
 */
export interface Allowance {
  readonly share: number;
  /** 0: there is none. */
  readonly floor: number;
}

interface Metric {
  /** As reports show it. */
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** By default: the change for the worse that is still a pass; docs/gate.md says why so much. */
  readonly allowed: Allowance;
  /** The only load that has it; absent: any. */
  readonly of?: 'streams' | 'fan-out';
}

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];

/** The only load that has the metric; null: any has it. */
export function onlyOf(metric: MetricName): 'streams' | 'fan-out' | null {
  const { of }: Metric = metrics[metric];
  return of ?? null;
}

/** Those of a duet, whose requests ask for streams of events or do not. */
export function metricsOf({ streams }: { readonly streams: boolean }): MetricName[] {
  return metricNames.filter((name) => {
    const load = onlyOf(name);
    return load === null || (load === 'streams' && streams);
  });
}

/** What its levels and floors are counted in. Instructions are no figure of a run. */
export function unitOf(metric: MetricName): Unit {
  if (metric === 'errors') return 'share';
  return figures.get(metric)?.unit ?? 'count';
}

/** "5.00 ms": a level or a floor, for people. */
export function amountOf(metric: MetricName, value: number): string {
  return figures.get(metric)?.format(value) ?? formatCount(value);
}
