import { printable } from '../basis/printable.js';
import { readPhase, readTrial } from '../figures/reading.js';
import { figureNamed, type FigureName } from '../figures/table.js';
import { percentileNames, type CensoredDistribution } from '../results/distribution.js';
import type { RunResult } from '../results/schema.js';
import { phaseRows, type PhaseRow } from './phase-rows.js';
import { subjectsOf } from './subject.js';

type Cell = string | number | boolean | null;
type Column = readonly [string, (row: PhaseRow) => Cell];

const columns: readonly Column[] = [
  ['result', ({ subject }) => subject.result.id],
  ['scenario', ({ subject }) => subject.result.scenario.name],
  ['target', ({ subject }) => subject.target.name],
  ['runtime', ({ subject }) => subject.target.runtime],
  ['runtimeVersion', ({ subject }) => subject.target.version],
  ['trial', ({ trial }) => trial.index + 1],
  ['phase', ({ phase }) => phase.name],
  ['kind', ({ phase }) => phase.kind],
  ['startedAtSeconds', ({ phase }) => phase.startedAtSeconds],
  ['traced', ({ trial }) => trial.traced],
  ['complete', ({ trial }) => trial.complete],
  ['valid', ({ phase }) => phase.valid],
  ['warnings', ({ phase }) => phase.warnings.map(({ code }) => code).join(' ')],
  ['engine', ({ phase }) => phase.load.engine],
  ['durationSeconds', ({ phase }) => phase.load.durationSeconds],
  ['connectionsRequested', ({ phase }) => phase.load.connections.requested],
  ['connectionsEstablished', ({ phase }) => phase.load.connections.established],
  ['requestsSent', ({ phase }) => phase.load.requestsSent],
  ['responses', ({ phase }) => phase.load.responses],
  ['errors', figure('errors')],
  ['requestsPerSecond', figure('requestsPerSecond')],
  ['lowerBound', ({ phase }) => phase.load.lowerBound],
  ['offeredPerSecond', ({ phase }) => phase.load.offeredPerSecond],
  ['rateRatio', figure('rateRatio')],
  ...waits('latencyUs', '', ({ phase }) => phase.latencyUs),
  ...waits('serviceTimeUs', 'serviceTime.', ({ phase }) => phase.serviceTimeUs),
  ...waits('sendDelayUs', 'sendDelay.', ({ phase }) => phase.sendDelayUs),
  ['startupMs', ({ phase }) => phase.server?.startupMs ?? null],
  ['artifactBytes', ({ phase }) => phase.server?.artifactBytes ?? null],
  ['rssPeakBytes', figure('rssPeak')],
  [
    'bytesPerConnection',
    ({ trial, phase, place }) =>
      // Of all holds of a trial: it stands at the last.
      place === lastHold(trial.phases) && phase.kind === 'idle'
        ? (readTrial(figureNamed('bytesPerConnection'), trial)?.value ?? null)
        : null,
  ],
  ['cpuUsPerRequest', figure('cpuUsPerRequest')],
  ['cpuUtilization', figure('cpuUtilization')],
  ['contextSwitchesPerSecond', ({ phase }) => phase.server?.contextSwitches?.perSecond ?? null],
  ['contextSwitchesPerRequest', figure('contextSwitchesPerRequest')],
  ['runQueueDelayUsPerRequest', figure('runQueueDelayUsPerRequest')],
  ...spread('schedulingDelayUs', 'schedulingDelay.'),
  ['schedulingKernelUsMean', ({ phase }) => phase.server?.schedulingDelayUs?.kernel.mean ?? null],
  ['schedulingRuntimeUsMean', ({ phase }) => phase.server?.schedulingDelayUs?.runtime.mean ?? null],
  ['schedulingValid', ({ phase }) => phase.server?.scheduling?.valid ?? null],
];

/** A line for each recorded phase of each trial, after RFC 4180; an empty field is no figure. */
export function csvReport(results: readonly RunResult[]): string {
  const rows = phaseRows(subjectsOf(results));
  const lines = [
    columns.map(([name]) => name),
    ...rows.map((row) => columns.map(([, value]) => field(value(row)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function figure(name: FigureName): (row: PhaseRow) => Cell {
  const found = figureNamed(name);
  return ({ phase }) => readPhase(found, phase)?.value ?? null;
}

type Prefix = '' | 'serviceTime.' | 'sendDelay.' | 'schedulingDelay.';

function spread(name: string, prefix: Prefix): Column[] {
  const parts = ['mean', ...percentileNames, 'max'] as const;
  return parts.map((part) => [
    `${name}${part.charAt(0).toUpperCase()}${part.slice(1)}`,
    figure(`${prefix}${part}`),
  ]);
}

/** Of what was waited for, perhaps in vain: the figures may be lower bounds. */
function waits(
  name: string,
  prefix: Prefix,
  of: (row: PhaseRow) => CensoredDistribution | null,
): Column[] {
  return [
    ...spread(name, prefix),
    [`${name}Censored`, (row) => of(row)?.censored ?? null],
    [`${name}LowerBounds`, (row) => of(row)?.lowerBounds.join(' ') ?? null],
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
