/** What the gate compares between two builds of a server; the names that `--allow` takes. */
export const metrics = {
  requestsPerSecond: { label: 'requests/s', better: 'higher', allowed: 0.03 },
  cpuUsPerRequest: { label: 'CPU per request', better: 'lower', allowed: 0.03 },
  instructionsPerRequest: { label: 'instructions per request', better: 'lower', allowed: 0.03 },
  p50: { label: 'p50', better: 'lower', allowed: 0.03 },
  p99: { label: 'p99', better: 'lower', allowed: 0.1 },
  rssIdle: { label: 'RSS idle', better: 'lower', allowed: 0.05 },
  rssPeak: { label: 'RSS peak', better: 'lower', allowed: 0.05 },
  bytesPerConnection: { label: 'memory per connection', better: 'lower', allowed: 0.05 },
  startup: { label: 'start-up', better: 'lower', allowed: 0.05 },
} as const satisfies Record<string, Metric>;

interface Metric {
  /** As reports show it. */
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** By default: the change for the worse that is still a pass, as a share of the base. */
  readonly allowed: number;
}

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as MetricName[];
