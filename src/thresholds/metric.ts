import { totalOf } from '../results/counts.js';
import {
  isLowerBound,
  type BoundFigure,
  type CensoredDistribution,
} from '../results/distribution.js';
import type { PhaseResult, ServerFigures } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { UnitName } from './unit.js';

/** What a value is read from: a trial, or one of its phases, which have the same figures. */
export interface View {
  readonly figures: Pick<
    TrialResult,
    'load' | 'latencyUs' | 'serviceTimeUs' | 'connectUs' | 'sendDelayUs' | 'server'
  >;
  /** The trial's recorded phases, or the one phase. */
  readonly phases: readonly PhaseResult[];
  /** Statuses from 400 on that a request of the scenario expects. */
  readonly expectedStatuses: ReadonlySet<number>;
}

/** What a run must have for a metric to be there; all but `scheduling` is known before any load. */
export type Need =
  | 'answers'
  | 'rate'
  /** A server process that is known. */
  | 'server'
  /** A server that c1m starts. */
  | 'start'
  /** An idle hold, or several of them with different numbers of connections. */
  | 'hold'
  | 'holds'
  | 'scheduling';

/** A figure that a condition can be about. */
export interface Metric {
  readonly unit: UnitName;
  readonly better: 'lower' | 'higher';
  readonly needs: readonly Need[];
  /** It is none of a single phase. */
  readonly ofTrial: boolean;
  /** In the base unit of `unit`; null where it was not measured. */
  readonly value: (view: View) => number | null | undefined;
  /**
   * Of a value that is only known to be at least so much: how many were waited for in vain. Absent,
   * or 0: it is exact.
   */
  readonly censored?: (view: View) => number;
}

const quantiles = [
  ...(['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'p9999'] as const),
  ...(['mean', 'max'] as const),
] as const satisfies readonly BoundFigure[];
type Quantiles = Readonly<Record<(typeof quantiles)[number], number>>;

function distribution(
  prefix: string,
  needs: readonly Need[],
  of: (view: View) => Quantiles | null | undefined,
): [string, Metric][] {
  return quantiles.map((quantile) => [
    `${prefix}${quantile}`,
    lower('us', needs, (view) => of(view)?.[quantile]),
  ]);
}

/** One of waits, of which not all may have ended. */
function waits(
  prefix: string,
  needs: readonly Need[],
  of: (view: View) => CensoredDistribution | null,
): [string, Metric][] {
  return distribution(prefix, needs, of).map(([name, metric], place) => {
    const censored = (view: View): number => {
      const found = of(view);
      return isLowerBound(found, quantiles[place]!) ? found!.censored : 0;
    };
    return [name, { ...metric, censored }];
  });
}

function lower(unit: UnitName, needs: readonly Need[], value: Metric['value']): Metric {
  return { unit, better: 'lower', needs, ofTrial: false, value };
}

function higher(unit: UnitName, needs: readonly Need[], value: Metric['value']): Metric {
  return { ...lower(unit, needs, value), better: 'higher' };
}

function ofServer(
  unit: UnitName,
  value: (server: ServerFigures) => number | null | undefined,
  ...needs: readonly Need[]
): Metric {
  return lower(unit, ['server', ...needs], ({ figures: { server } }) =>
    server === null ? null : value(server),
  );
}

const ofTrial = (metric: Metric): Metric => ({ ...metric, ofTrial: true });

/** What stands before a percentile that is not of latency. */
export const distributionNames = ['serviceTime', 'sendDelay', 'connect', 'schedulingDelay'];

/** Every figure that a condition can be about, by its name. docs/measuring.md defines them. */
export const thresholdMetrics: ReadonlyMap<string, Metric> = new Map<string, Metric>([
  ...waits('', ['answers'], ({ figures }) => figures.latencyUs),
  ...waits('serviceTime.', ['answers'], ({ figures }) => figures.serviceTimeUs),
  ...waits('sendDelay.', ['answers'], ({ figures }) => figures.sendDelayUs),
  ...waits('connect.', [], ({ figures }) => figures.connectUs),
  ...distribution(
    'schedulingDelay.',
    ['server', 'scheduling'],
    ({ figures }) => figures.server?.schedulingDelayUs?.total,
  ),
  [
    'requestsPerSecond',
    higher('perSecond', ['answers'], ({ figures }) => figures.load.requestsPerSecond),
  ],
  ['rateRatio', higher('share', ['rate'], ({ figures, phases }) => rateRatio(figures, phases))],
  ['errors', lower('count', [], errors)],
  ['errorRate', lower('share', ['answers'], errorRate)],
  ['notSent', lower('count', [], notSent)],
  [
    'connectionsFailed',
    lower('count', [], (view) => total(view, (p) => p.load.connections.failed)),
  ],
  ['connectionsLost', lower('count', [], (view) => total(view, (p) => p.load.connections.lost))],
  ['cpuUsPerRequest', ofServer('us', (s) => s.cpuUsPerRequest, 'answers')],
  ['cpuUtilization', ofServer('share', (s) => s.cpuUtilization)],
  [
    'contextSwitchesPerRequest',
    ofServer('number', (s) => s.contextSwitches?.perRequest, 'answers'),
  ],
  ['runQueueDelayUsPerRequest', ofServer('us', (s) => s.runQueueDelayUsPerRequest, 'answers')],
  ['threadsPeak', ofServer('count', (s) => s.threadsPeak)],
  ['descriptorsPeak', ofServer('count', (s) => s.descriptorsPeak)],
  ['rssPeak', ofServer('bytes', (s) => s.rssPeakBytes)],
  ['rssIdle', ofTrial(ofServer('bytes', (s) => s.rssIdleBytes, 'hold'))],
  ['pssIdle', ofTrial(ofServer('bytes', (s) => s.pssIdleBytes, 'hold'))],
  ['pssPeak', ofTrial(ofServer('bytes', (s) => s.pssPeakBytes, 'hold'))],
  ['bytesPerConnection', ofTrial(ofServer('bytes', (s) => s.bytesPerConnection?.slope, 'holds'))],
  ['startup', ofTrial(ofServer('us', (s) => timesThousand(s.startupMs), 'start'))],
  ['artifact', ofTrial(ofServer('bytes', (s) => s.artifactBytes, 'start'))],
]);

function timesThousand(millis: number | null): number | null {
  return millis === null ? null : millis * 1000;
}

function total({ phases }: View, of: (phase: PhaseResult) => number): number {
  return phases.reduce((sum, phase) => sum + of(phase), 0);
}

/** Of the phase that latency is from, the last one with a rate. */
function rateRatio(figures: View['figures'], phases: View['phases']): number | null {
  const paced = phases.findLast(({ load }) => load.rateRatio !== null);
  return paced?.load.rateRatio ?? figures.load.rateRatio;
}

function notSent(view: View): number {
  return total(view, ({ load: { notSent: n } }) => n.shed + n.unsent);
}

/** Whatever did not get the answer that was asked for, in all phases. */
function errors(view: View): number {
  return total(view, ({ load }) => {
    const failed = totalOf(load.errors);
    const statuses = Object.entries(load.statusCodes).filter(
      ([code]) => Number(code) >= 400 && !view.expectedStatuses.has(Number(code)),
    );
    // A status that the scenario did not expect is an error already.
    const named = (load.errors['unexpected-status'] ?? 0) + (load.errors['unexpected-body'] ?? 0);
    const refused = Math.max(0, totalOf(Object.fromEntries(statuses)) - named);
    return failed + refused + totalOf(load.connectErrors);
  });
}

/** Of the requests sent and the connections that could not be opened. */
function errorRate(view: View): number | null {
  const attempts = total(view, ({ load }) => load.requestsSent + totalOf(load.connectErrors));
  return attempts === 0 ? null : errors(view) / attempts;
}
