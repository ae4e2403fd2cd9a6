import { totalOf } from '../results/counts.js';
import type { LoadFigures, PhaseResult, ServerFigures } from '../results/figures.js';
import { streamWaitNames, streamWaits, type StreamWait } from '../results/events.js';
import { attemptsOf, errorsOf } from './errors.js';
import type { Figure, Need, View } from './figure.js';
import { loadedPhase } from './trial-phases.js';
import { unitFormats } from './unit-formats.js';
import { distributionFigures, latencyFigures, waitFigures, type Statistic } from './waits.js';

/** What stands before a statistic that is not of latency. */
export const distributionNames = [
  'serviceTime',
  'sendDelay',
  'connect',
  'schedulingDelay',
] as const;

type SingleName =
  | 'requestsPerSecond'
  | 'eventsPerSecond'
  | 'rateRatio'
  | 'errors'
  | 'errorRate'
  | 'notSent'
  | 'reach'
  | 'deliveriesPerSecond'
  | 'connectionsFailed'
  | 'connectionsLost'
  | 'cpuUsPerRequest'
  | 'cpuUtilization'
  | 'contextSwitchesPerRequest'
  | 'runQueueDelayUsPerRequest'
  | 'threadsPeak'
  | 'descriptorsPeak'
  | 'rssPeak'
  | 'rssIdle'
  | 'pssIdle'
  | 'pssPeak'
  | 'bytesPerConnection'
  | 'startup'
  | 'artifact';

export type FigureName =
  SingleName | Statistic | `${(typeof distributionNames)[number] | StreamWait}.${Statistic}`;

type Definition = Pick<Figure, 'title' | 'label' | 'unit' | 'value'> & Partial<Figure>;

function define(name: SingleName, definition: Definition): Figure {
  return {
    name,
    better: 'lower',
    resolution: 0,
    needs: [],
    source: 'loaded',
    perRequest: false,
    bound: () => 'exact',
    unanswered: () => 0,
    isSet: () => false,
    format: unitFormats[definition.unit],
    ...definition,
  };
}

/** Each of a scenario's requests that ask for streams has its own. */
function streamFigures(name: StreamWait): Figure[] {
  const { field, subject } = streamWaits[name];
  const of = ({ figures: { events } }: View) => events?.[field] ?? null;
  const waits = waitFigures(`${name}.`, subject, ['answers', 'events'], of);
  return waits.map((figure) => ({ ...figure, perRequest: true }));
}

/** The kernel counts resident memory per CPU, in batches. */
const rssResolution = 128 * 1024;

const ofServer =
  (value: (server: ServerFigures) => number | null | undefined): Figure['value'] =>
  ({ figures: { server } }) =>
    server === null ? null : value(server);

const onServer = (...more: readonly Need[]): readonly Need[] => ['server', ...more];

const all: readonly Figure[] = [
  ...latencyFigures(['answers']),
  ...waitFigures('serviceTime.', 'service time', ['answers'], (v) => v.figures.serviceTimeUs),
  ...waitFigures('sendDelay.', 'send delay', ['answers'], (v) => v.figures.sendDelayUs),
  ...waitFigures('connect.', 'connect time', [], (v) => v.figures.connectUs),
  ...distributionFigures(
    'schedulingDelay.',
    'scheduling delay',
    onServer('scheduling'),
    'loaded',
    (v) => v.figures.server?.schedulingDelayUs?.total,
  ),
  ...streamWaitNames.flatMap(streamFigures),
  define('eventsPerSecond', {
    title: 'events/s',
    label: 'events/s',
    unit: 'perSecond',
    better: 'higher',
    needs: ['answers', 'events'],
    perRequest: true,
    value: ({ phases }) => loadedPhase({ phases })?.events?.perSecond,
    bound: ({ figures: { load } }) => (load.lowerBound ? 'at-least' : 'exact'),
    isSet: ({ figures: { load } }) => load.offeredPerSecond !== null,
  }),
  define('requestsPerSecond', {
    title: 'requests/s',
    label: 'requests/s',
    unit: 'perSecond',
    better: 'higher',
    needs: ['answers'],
    perRequest: true,
    value: ({ figures: { load } }) => load.requestsPerSecond,
    bound: ({ figures: { load } }) => (load.lowerBound ? 'at-least' : 'exact'),
    isSet: ({ figures: { load } }) => load.offeredPerSecond !== null,
  }),
  define('rateRatio', {
    title: 'rate reached',
    label: 'share of the planned rate that was sent',
    unit: 'share',
    better: 'higher',
    source: 'timed',
    needs: ['rate'],
    value: rateRatio,
  }),
  define('errors', {
    title: 'errors',
    label: 'errors',
    unit: 'count',
    source: 'every',
    perRequest: true,
    value: errors,
  }),
  define('errorRate', {
    title: 'error rate',
    label: 'error rate',
    unit: 'share',
    source: 'every',
    needs: ['answers'],
    perRequest: true,
    value: errorRate,
  }),
  define('notSent', {
    title: 'not sent',
    label: 'requests that were due and not sent',
    unit: 'count',
    source: 'every',
    value: (view) => total(view, ({ load: { notSent } }) => notSent.shed + notSent.unsent),
  }),
  define('reach', {
    title: 'reach',
    label: 'share of deliveries that came in time',
    unit: 'share',
    better: 'higher',
    source: 'timed',
    needs: ['fan-out'],
    value: (view) => lastOf(view, reachOf),
  }),
  define('deliveriesPerSecond', {
    title: 'deliveries/s',
    label: 'deliveries/s',
    unit: 'perSecond',
    better: 'higher',
    source: 'timed',
    needs: ['fan-out'],
    value: (view) =>
      lastOf(view, ({ fanOut, durationSeconds }) =>
        fanOut === null || durationSeconds === 0
          ? null
          : fanOut.deliveredInWindow / durationSeconds,
      ),
    // So many were published, whatever the server can do.
    isSet: () => true,
  }),
  define('connectionsFailed', {
    title: 'connections failed',
    label: 'connections that were not open',
    unit: 'count',
    source: 'every',
    value: (view) => total(view, ({ load }) => load.connections.failed),
  }),
  define('connectionsLost', {
    title: 'connections lost',
    label: 'connections that the server closed while idle',
    unit: 'count',
    source: 'every',
    value: (view) => total(view, ({ load }) => load.connections.lost),
  }),
  define('cpuUsPerRequest', {
    title: 'CPU/req',
    label: 'CPU per request',
    unit: 'us',
    needs: onServer('answers'),
    value: ofServer((s) => s.cpuUsPerRequest),
  }),
  define('cpuUtilization', {
    title: 'CPU',
    label: 'CPU utilization',
    unit: 'share',
    needs: onServer(),
    value: ofServer((s) => s.cpuUtilization),
  }),
  define('contextSwitchesPerRequest', {
    title: 'switches/req',
    label: 'context switches per request',
    unit: 'number',
    needs: onServer('answers'),
    value: ofServer((s) => s.contextSwitches?.perRequest),
  }),
  define('runQueueDelayUsPerRequest', {
    title: 'run queue/req',
    label: 'run-queue delay per request',
    unit: 'us',
    needs: onServer('answers'),
    value: ofServer((s) => s.runQueueDelayUsPerRequest),
  }),
  define('threadsPeak', {
    title: 'threads',
    label: 'threads at the peak',
    unit: 'count',
    needs: onServer(),
    value: ofServer((s) => s.threadsPeak),
  }),
  define('descriptorsPeak', {
    title: 'descriptors',
    label: 'descriptors at the peak',
    unit: 'count',
    needs: onServer(),
    value: ofServer((s) => s.descriptorsPeak),
  }),
  define('rssPeak', {
    title: 'RSS peak',
    label: 'RSS peak',
    unit: 'bytes',
    resolution: rssResolution,
    source: 'every',
    needs: onServer(),
    value: ofServer((s) => s.rssPeakBytes),
  }),
  define('rssIdle', {
    title: 'RSS idle',
    label: 'RSS idle',
    unit: 'bytes',
    source: 'holds',
    needs: onServer('hold'),
    value: ofServer((s) => s.rssIdleBytes),
  }),
  define('pssIdle', {
    title: 'PSS idle',
    label: 'PSS idle',
    unit: 'bytes',
    source: 'holds',
    needs: onServer('hold'),
    value: ofServer((s) => s.pssIdleBytes),
  }),
  define('pssPeak', {
    title: 'PSS peak',
    label: 'PSS peak',
    unit: 'bytes',
    source: 'holds',
    needs: onServer('hold'),
    value: ofServer((s) => s.pssPeakBytes),
  }),
  define('bytesPerConnection', {
    title: 'B/conn',
    label: 'memory per connection',
    unit: 'bytes',
    source: 'holds',
    needs: onServer('holds'),
    value: ofServer((s) => s.bytesPerConnection?.slope),
  }),
  // A target is asked every millisecond whether it is up.
  define('startup', {
    title: 'start',
    label: 'start-up',
    unit: 'us',
    resolution: 1000,
    source: 'start',
    needs: onServer('start'),
    value: ofServer(({ startupMs }) => (startupMs === null ? null : startupMs * 1000)),
  }),
  define('artifact', {
    title: 'artifact',
    label: 'artifact size',
    unit: 'bytes',
    source: 'start',
    needs: onServer('start'),
    value: ofServer((s) => s.artifactBytes),
  }),
];

/** Every figure, by its name. */
export const figures: ReadonlyMap<string, Figure> = new Map(
  all.map((figure) => [figure.name, figure]),
);

export function figureNamed(name: FigureName): Figure {
  return figures.get(name)!;
}

/** Of a fan-out; null where nothing was to be delivered. */
export function reachOf({ fanOut }: Pick<LoadFigures, 'fanOut'>): number | null {
  return fanOut === null || fanOut.expected === 0 ? null : fanOut.delivered / fanOut.expected;
}

function total({ phases }: View, of: (phase: PhaseResult) => number): number {
  return phases.reduce((sum, phase) => sum + of(phase), 0);
}

/** Of the last phase with a rate. */
function rateRatio({ figures: { load }, phases }: View): number | null {
  const paced = phases.findLast((phase) => phase.load.rateRatio !== null);
  return paced?.load.rateRatio ?? load.rateRatio;
}

/** Of the last phase that has it. */
function lastOf({ phases }: View, of: (load: LoadFigures) => number | null): number | null {
  return phases.map(({ load }) => of(load)).findLast((value) => value !== null) ?? null;
}

function errors(view: View): number {
  return total(view, ({ load }) => totalOf(errorsOf(load)));
}

function errorRate(view: View): number | null {
  const attempts = total(view, ({ load }) => attemptsOf(load));
  return attempts === 0 ? null : errors(view) / attempts;
}
