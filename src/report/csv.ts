import { upperFirst } from '../basis/letter-case.js';
import { printable } from '../basis/printable.js';
import { readPhase, readRequest, readTrial } from '../figures/reading.js';
import { figureNamed, type distributionNames, type FigureName } from '../figures/table.js';
import { percentileNames, type CensoredDistribution } from '../results/distribution.js';
import { streamWaitNames, streamWaits, type StreamWait } from '../results/events.js';
import type { RunResult } from '../results/schema.js';
import { phaseRows, requestRows, type PhaseRow, type RequestRow } from './phase-rows.js';
import { subjectsOf } from './subject.js';

type Cell = string | number | boolean | null;
type Value = (row: PhaseRow) => Cell;
type RequestValue = (row: RequestRow) => Cell;
/** Of a request it is empty where it is not said. */
type Column = readonly [name: string, phase: Value, request?: RequestValue];

const columns: readonly Column[] = [
  both('result', ({ subject }) => subject.result.id),
  both('scenario', ({ subject }) => subject.result.scenario.name),
  both('target', ({ subject }) => subject.target.name),
  both('runtime', ({ subject }) => subject.target.runtime),
  both('runtimeVersion', ({ subject }) => subject.target.version),
  both('trial', ({ trial }) => trial.index + 1),
  both('phase', ({ phase }) => phase.name),
  both('kind', ({ phase }) => phase.kind),
  both('startedAtSeconds', ({ phase }) => phase.startedAtSeconds),
  both('traced', ({ trial }) => trial.traced),
  both('complete', ({ trial }) => trial.complete),
  both('valid', ({ phase }) => phase.valid),
  ['warnings', ({ phase }) => phase.warnings.map(({ code }) => code).join(' ')],
  both('engine', ({ phase }) => phase.load.engine),
  both('durationSeconds', ({ phase }) => phase.load.durationSeconds),
  ['connectionsRequested', ({ phase }) => phase.load.connections.requested],
  ['connectionsEstablished', ({ phase }) => phase.load.connections.established],
  ['requestsSent', ({ phase }) => phase.load.requestsSent, ({ request }) => request.requestsSent],
  ['responses', ({ phase }) => phase.load.responses, ({ request }) => request.responses],
  ['errors', ...figure('errors')],
  ['requestsPerSecond', ...figure('requestsPerSecond')],
  ['lowerBound', ({ phase }) => phase.load.lowerBound],
  ['offeredPerSecond', ({ phase }) => phase.load.offeredPerSecond],
  ['rateRatio', ...figure('rateRatio')],
  ...waits(
    'latencyUs',
    '',
    ({ phase }) => phase.latencyUs,
    ({ request }) => request.latencyUs,
  ),
  ...waits('serviceTimeUs', 'serviceTime.', ({ phase }) => phase.serviceTimeUs),
  ...waits('sendDelayUs', 'sendDelay.', ({ phase }) => phase.sendDelayUs),
  ['startupMs', ({ phase }) => phase.server?.startupMs ?? null],
  ['artifactBytes', ({ phase }) => phase.server?.artifactBytes ?? null],
  ['rssPeakBytes', ...figure('rssPeak')],
  [
    'bytesPerConnection',
    ({ trial, phase, place }) =>
      // Of all holds of a trial: it stands at the last.
      place === lastHold(trial.phases) && phase.kind === 'idle'
        ? (readTrial(figureNamed('bytesPerConnection'), trial)?.value ?? null)
        : null,
  ],
  ['cpuUsPerRequest', ...figure('cpuUsPerRequest')],
  ['cpuUtilization', ...figure('cpuUtilization')],
  ['contextSwitchesPerSecond', ({ phase }) => phase.server?.contextSwitches?.perSecond ?? null],
  ['contextSwitchesPerRequest', ...figure('contextSwitchesPerRequest')],
  ['runQueueDelayUsPerRequest', ...figure('runQueueDelayUsPerRequest')],
  ...spread('schedulingDelayUs', 'schedulingDelay.'),
  ['schedulingKernelUsMean', ({ phase }) => phase.server?.schedulingDelayUs?.kernel.mean ?? null],
  ['schedulingRuntimeUsMean', ({ phase }) => phase.server?.schedulingDelayUs?.runtime.mean ?? null],
  ['schedulingValid', ({ phase }) => phase.server?.scheduling?.valid ?? null],
  [
    'statusCodes',
    ({ phase }) => codesText(phase.load.statusCodes),
    ({ request }) => codesText(request.statusCodes),
  ],
  ['request', () => null, ({ request }) => request.name],
  ['requestMethod', () => null, ({ request }) => request.method],
  ['requestPath', () => null, ({ request }) => request.path],
  ['requestWeight', () => null, ({ request }) => request.weight],
  both('unit', ({ phase }) => phase.load.unit),
  ['receivers', ({ phase }) => phase.load.fanOut?.receivers ?? null],
  ['reach', ...figure('reach')],
  ['deliveriesPerSecond', ...figure('deliveriesPerSecond')],
  ['duplicates', ({ phase }) => phase.load.fanOut?.duplicates ?? null],
  [
    'events',
    ({ phase }) => phase.events?.received ?? null,
    ({ request }) => request.events?.received ?? null,
  ],
  ['eventsPerSecond', ...figure('eventsPerSecond')],
  ...streamWaitNames.flatMap((name) => {
    const { field } = streamWaits[name];
    return waits(
      `${name}Us`,
      `${name}.`,
      ({ phase }) => phase.events?.[field] ?? null,
      ({ request }) => request.events?.[field] ?? null,
    );
  }),
];

/**
 * A line for each recorded phase of each trial, and after it one for each of its requests where there
 * are several; after RFC 4180. An empty field is no figure.
 */
export function csvReport(results: readonly RunResult[]): string {
  const lines = phaseRows(subjectsOf(results)).flatMap((row) => [
    columns.map(([, phase]) => phase(row)),
    ...requestRows(row).map((each) => columns.map(([, , request]) => request?.(each) ?? null)),
  ]);
  const heads = columns.map(([name]) => name);
  return [heads, ...lines.map((cells) => cells.map(field))]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}

/** Of what is a request's as well as its phase's. */
function both(name: string, value: Value): Column {
  return [name, value, value];
}

function figure(name: FigureName): [phase: Value, request: RequestValue] {
  const found = figureNamed(name);
  return [
    ({ phase }) => readPhase(found, phase)?.value ?? null,
    (part) => readRequest(found, part)?.value ?? null,
  ];
}

/** "200:300 404:1" */
function codesText(statusCodes: Readonly<Record<string, number>>): string {
  return Object.entries(statusCodes)
    .map(([code, count]) => `${code}:${count}`)
    .join(' ');
}

type Prefix = '' | `${(typeof distributionNames)[number] | StreamWait}.`;

function spread(name: string, prefix: Prefix): Column[] {
  const parts = ['mean', ...percentileNames, 'max'] as const;
  return parts.map((part) => [`${name}${upperFirst(part)}`, ...figure(`${prefix}${part}`)]);
}

/** Of what was waited for, perhaps in vain: the figures may be lower bounds. */
function waits(
  name: string,
  prefix: Prefix,
  ofPhase: (row: PhaseRow) => CensoredDistribution | null,
  ofRequest: (row: RequestRow) => CensoredDistribution | null = () => null,
): Column[] {
  const censored = (found: CensoredDistribution | null): Cell => found?.censored ?? null;
  const bounds = (found: CensoredDistribution | null): Cell => found?.lowerBounds.join(' ') ?? null;
  return [
    ...spread(name, prefix),
    [`${name}Censored`, (row) => censored(ofPhase(row)), (row) => censored(ofRequest(row))],
    [`${name}LowerBounds`, (row) => bounds(ofPhase(row)), (row) => bounds(ofRequest(row))],
  ];
}

function lastHold(phases: PhaseRow['trial']['phases']): number {
  return phases.findLastIndex(({ kind }) => kind === 'idle');
}

/** A text that a spreadsheet would take for a formula is kept from being one (OWASP, CSV injection). */
function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const plain = printable(cell);
  const text = /^\s*[=+\-@\t\r\n＝＋－＠]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
