import { isLowerBound } from '../../results/distribution.js';
import type { TrialResult } from '../../results/schema.js';
import { lastPhase } from '../../figures/trial-phases.js';
import { lagsAt, metrics, validPhase } from '../../compare/metric.js';
import { unloadedDelay } from '../scheduling-delay.js';
import { formatBytes, formatCount, formatMicros } from '../units.js';

/** A figure that `--metric` can name. */
export interface HistoryMetric {
  /** As reports show it. */
  readonly label: string;
  /** Of the figures in JSON. */
  readonly unit: 'requests/s' | 'µs' | 'B' | '1/request';
  readonly better: 'higher' | 'lower';
  /** null where the trial lacks it, or is not valid. */
  readonly figure: (trial: TrialResult) => number | null;
  readonly format: (value: number) => string;
  /** Whether a trial's figure is only known to be at most so much, because of c1m itself. */
  readonly isBound?: (trial: TrialResult) => boolean;
  /** Whether it is only known to be at least so much, since requests were not answered. */
  readonly isBoundBelow?: (trial: TrialResult) => boolean;
  /** Of trials that were watched with `--sched`; all others are of those that were not. */
  readonly watched?: true;
}

const time = { unit: 'µs', better: 'lower', format: formatMicros } as const;
const memory = { unit: 'B', better: 'lower', format: formatBytes } as const;

export const historyMetrics: Readonly<Record<string, HistoryMetric>> = {
  requestsPerSecond: {
    label: 'requests/s',
    unit: 'requests/s',
    better: 'higher',
    figure: metrics.requestsPerSecond.value,
    format: formatCount,
  },
  mean: { ...time, label: 'mean latency', ...latencyAt('mean') },
  p50: { ...time, label: 'p50 latency', ...latencyAt('p50') },
  p90: { ...time, label: 'p90 latency', ...latencyAt('p90') },
  p95: { ...time, label: 'p95 latency', ...latencyAt('p95') },
  p99: {
    ...time,
    label: 'p99 latency',
    ...latencyAt('p99'),
    isBound: (trial) => lagsAt('p99', trial),
  },
  p999: {
    ...time,
    label: 'p99.9 latency',
    ...latencyAt('p999'),
    isBound: (trial) => lagsAt('p999', trial),
  },
  cpuUsPerRequest: {
    ...time,
    label: 'CPU time per request',
    figure: ofServer((s) => s.cpuUsPerRequest),
  },
  contextSwitchesPerRequest: {
    label: 'context switches per request',
    unit: '1/request',
    better: 'lower',
    figure: ofServer(({ contextSwitches }) => contextSwitches?.perRequest ?? null),
    format: (value) => value.toFixed(3),
  },
  rssIdle: { ...memory, label: 'RSS idle', figure: ofServer((s) => s.rssIdleBytes) },
  rssPeak: { ...memory, label: 'RSS peak', figure: ofServer((s) => s.rssPeakBytes) },
  bytesPerConnection: {
    ...memory,
    label: 'memory per connection',
    figure: metrics.bytesPerConnection.value,
  },
  startup: {
    ...time,
    label: 'start-up',
    figure: ofServer(({ startupMs }) => (startupMs === null ? null : startupMs * 1000)),
  },
  schedulingDelay: {
    ...time,
    label: 'scheduling delay',
    figure: unloadedDelay,
    watched: true,
  },
};

type Figure = HistoryMetric['figure'];

/** At a rate where the scenario sets one, otherwise of the closed load: within one scenario, always the same. */
function latencyAt(
  statistic: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999',
): Required<Pick<HistoryMetric, 'figure' | 'isBoundBelow'>> {
  const latencyOf = (trial: TrialResult): TrialResult['latencyUs'] => {
    const kind = lastPhase(trial, 'latency') === undefined ? 'throughput' : 'latency';
    return validPhase(trial, kind)?.latencyUs ?? null;
  };
  return {
    figure: (trial) => latencyOf(trial)?.[statistic] ?? null,
    isBoundBelow: (trial) => isLowerBound(latencyOf(trial), statistic),
  };
}

/** Figures of the server are the whole trial's, and so is what makes them valid. */
function ofServer(figure: (server: NonNullable<TrialResult['server']>) => number | null): Figure {
  return ({ valid, server }) => (valid && server !== null ? figure(server) : null);
}
