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
}

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];

/** What its levels and floors are counted in. Instructions are no figure of a run. */
export function unitOf(metric: MetricName): Unit {
  if (metric === 'errors') return 'share';
  return figures.get(metric)?.unit ?? 'count';
}

/** "5.00 ms": a level or a floor, for people. */
export function amountOf(metric: MetricName, value: number): string {
  return figures.get(metric)?.format(value) ?? formatCount(value);
}
