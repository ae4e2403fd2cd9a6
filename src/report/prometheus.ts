import { lowerFirst } from '../basis/letter-case.js';
import { printable } from '../basis/printable.js';
import type { Figure } from '../figures/figure.js';
import { readPhase, readRequest, readTrial, type Reading } from '../figures/reading.js';
import { figureNamed, type FigureName } from '../figures/table.js';
import { totalOf } from '../results/counts.js';
import { percentileNames, percentileShares, type Distribution } from '../results/distribution.js';
import { streamWaitNames, streamWaits } from '../results/events.js';
import type { RunResult } from '../results/schema.js';
import { phaseRows, requestRows, type PhaseRow, type RequestRow } from './phase-rows.js';
import { subjectsOf } from './subject.js';

interface Gauge<Row = PhaseRow> {
  readonly name: string;
  readonly help: string;
  readonly value: (row: Row) => number | null;
}

/** In Prometheus's base units: seconds, bytes and ratios. */
const gauges: readonly Gauge[] = [
  gauge('valid', '1 if the phase can be trusted, 0 if not', ({ phase }) => Number(phase.valid)),
  gauge(
    'requests_per_second',
    'Answers within the phase by its duration',
    figure('requestsPerSecond'),
  ),
  gauge(
    'events_per_second',
    'Of streams, events within the phase by its duration',
    figure('eventsPerSecond'),
  ),
  gauge(
    'offered_requests_per_second',
    'The rate that was asked for',
    ({ phase }) => phase.load.offeredPerSecond,
  ),
  gauge(
    'responses',
    'Complete answers, as the scenario expects',
    ({ phase }) => phase.load.responses,
  ),
  gauge('reach_ratio', 'Of a fan-out, the share of deliveries that came in time', figure('reach')),
  gauge('deliveries_per_second', 'Of a fan-out', figure('deliveriesPerSecond')),
  gauge('errors', 'Whatever did not get the answer that was asked for', figure('errors')),
  gauge('failed_requests', 'Requests that were sent and failed', ({ phase }) =>
    totalOf(phase.load.errors),
  ),
  gauge(
    'latency_censored_requests',
    'Requests that were not answered: the latency holds each at the time that it was waited for',
    ({ phase }) => phase.latencyUs?.censored ?? null,
  ),
  gauge(
    'service_time_censored_requests',
    'The same of the service time, which lacks those that were never sent',
    ({ phase }) => phase.serviceTimeUs?.censored ?? null,
  ),
  gauge(
    'connections',
    'Open when the phase ended',
    ({ phase }) => phase.load.connections.established,
  ),
  gauge(
    'server_resident_memory_peak_bytes',
    'High-water mark of the server’s resident memory',
    figure('rssPeak'),
  ),
  gauge(
    'server_cpu_seconds_per_request',
    'User and system time by answers',
    figure('cpuUsPerRequest'),
  ),
  gauge(
    'server_context_switches_per_request',
    'Voluntary and involuntary, of all threads',
    figure('contextSwitchesPerRequest'),
  ),
  gauge('server_startup_seconds', 'From the exec to the first 200', ({ trial }) =>
    inBaseUnit(figureNamed('startup'), readTrial(figureNamed('startup'), trial)),
  ),
];

/** Under names of their own, so that sums over a phase's count nothing twice. */
const requestGauges: readonly Gauge<RequestRow>[] = [
  gauge(
    'request_weight',
    'How often it is chosen, against the others',
    (row) => row.request.weight,
  ),
  gauge(
    'request_requests_per_second',
    'Answers to this request within the phase by its duration',
    requestFigure('requestsPerSecond'),
  ),
  gauge(
    'request_events_per_second',
    'Of the streams of this request, events within the phase by its duration',
    requestFigure('eventsPerSecond'),
  ),
  gauge('request_sent', 'How often it was sent', ({ request }) => request.requestsSent),
  gauge('request_responses', 'Complete answers, as it expects', ({ request }) => request.responses),
  gauge(
    'request_errors',
    'Of this request, whatever did not get the answer that was asked for',
    requestFigure('errors'),
  ),
  gauge(
    'request_latency_censored_requests',
    'Of this request, those that were not answered: the latency holds each at the time that it was waited for',
    ({ request }) => request.latencyUs?.censored ?? null,
  ),
];

function requestFigure(name: FigureName): Gauge<RequestRow>['value'] {
  const found = figureNamed(name);
  return (part) => inBaseUnit(found, readRequest(found, part));
}

function figure(name: FigureName): Gauge['value'] {
  const found = figureNamed(name);
  return ({ phase }) => inBaseUnit(found, readPhase(found, phase));
}

function inBaseUnit({ unit }: Figure, reading: Reading | null): number | null {
  if (reading === null) return null;
  return unit === 'us' ? reading.value / 1e6 : reading.value;
}

/** Prometheus's text exposition format 0.0.4, for a textfile collector or a push gateway. */
export function prometheusReport(results: readonly RunResult[]): string {
  const rows = phaseRows(subjectsOf(results));
  const requests = rows.flatMap(requestRows);
  return [
    ...gauges.flatMap((each) => gaugeLines(each, rows, labels)),
    ...answerLines('answers', rows, labels, ({ phase }) => phase.load.statusCodes),
    ...summaryLines(
      'latency_seconds',
      'Latency of the requests',
      rows,
      labels,
      ({ phase }) => phase.latencyUs,
    ),
    ...summaryLines(
      'service_time_seconds',
      'From the send to the last byte',
      rows,
      labels,
      ({ phase }) => phase.serviceTimeUs,
    ),
    ...streamWaitNames.flatMap((name) =>
      summaryLines(
        `${snakeCase(name)}_seconds`,
        `Of streams of events: ${lowerFirst(streamWaits[name].meaning)}`,
        rows,
        labels,
        ({ phase }) => phase.events?.[streamWaits[name].field] ?? null,
      ),
    ),
    ...summaryLines(
      'scheduling_delay_seconds',
      'From readable on the server’s socket until the server takes it',
      rows,
      labels,
      ({ phase }) => phase.server?.schedulingDelayUs?.total ?? null,
    ),
    ...memoryLines(results),
    ...requestGauges.flatMap((each) => gaugeLines(each, requests, requestLabels)),
    ...answerLines('request_answers', requests, requestLabels, (row) => row.request.statusCodes),
    ...summaryLines(
      'request_latency_seconds',
      'Latency of this request',
      requests,
      requestLabels,
      ({ request }) => request.latencyUs,
    ),
    ...streamWaitNames.flatMap((name) =>
      summaryLines(
        `request_${snakeCase(name)}_seconds`,
        `Of the streams of this request: ${lowerFirst(streamWaits[name].meaning)}`,
        requests,
        requestLabels,
        ({ request }) => request.events?.[streamWaits[name].field] ?? null,
      ),
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** "firstByte" → "first_byte". */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function gauge<Row>(name: string, help: string, value: Gauge<Row>['value']): Gauge<Row> {
  return { name: `c1m_${name}`, help, value };
}

function gaugeLines<Row>(
  { name, help, value }: Gauge<Row>,
  rows: readonly Row[],
  labelsOf: Labels<Row>,
): string[] {
  const samples = rows.flatMap((row) => {
    const found = value(row);
    return found === null ? [] : [`${name}${labelsOf(row)} ${found}`];
  });
  return samples.length === 0 ? [] : [...head(name, help, 'gauge'), ...samples];
}

function answerLines<Row>(
  suffix: string,
  rows: readonly Row[],
  labelsOf: Labels<Row>,
  codesOf: (row: Row) => Readonly<Record<string, number>>,
): string[] {
  const name = `c1m_${suffix}`;
  const samples = rows.flatMap((row) =>
    Object.entries(codesOf(row)).map(
      ([status, count]) => `${name}${labelsOf(row, { status })} ${count}`,
    ),
  );
  const help = 'Answers by status, expected or not';
  return samples.length === 0 ? [] : [...head(name, help, 'gauge'), ...samples];
}

function summaryLines<Row>(
  suffix: string,
  help: string,
  rows: readonly Row[],
  labelsOf: Labels<Row>,
  of: (row: Row) => Distribution | null,
): string[] {
  const name = `c1m_${suffix}`;
  const samples = rows.flatMap((row) => {
    const found = of(row);
    if (found === null) return [];
    return [
      ...percentileNames.map((key) => {
        const quantile = `${percentileShares[key]}`;
        return `${name}${labelsOf(row, { quantile })} ${found[key] / 1e6}`;
      }),
      `${name}_sum${labelsOf(row)} ${(found.mean * found.count) / 1e6}`,
      `${name}_count${labelsOf(row)} ${found.count}`,
    ];
  });
  return samples.length === 0 ? [] : [...head(name, help, 'summary'), ...samples];
}

/** Of a trial, not of a phase: the slope over its holds. */
function memoryLines(results: readonly RunResult[]): string[] {
  const name = 'c1m_server_memory_per_connection_bytes';
  const samples = subjectsOf(results).flatMap(({ result, target }) =>
    target.trials.flatMap((trial) => {
      const reading = readTrial(figureNamed('bytesPerConnection'), trial);
      if (reading === null) return [];
      const pairs = {
        result: result.id,
        target: target.name,
        runtime: target.runtime,
        trial: `${trial.index + 1}`,
      };
      return [`${name}${labelSet(pairs)} ${reading.value}`];
    }),
  );
  const help = 'Slope of resident memory over idle connections';
  return samples.length === 0 ? [] : [...head(name, help, 'gauge'), ...samples];
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

type Labels<Row> = (row: Row, more?: Record<string, string>) => string;

function requestLabels(row: RequestRow, more: Record<string, string> = {}): string {
  return labels(row, { request: row.request.name, ...more });
}

/** No two lines may have the same labels: the place tells phases of one name apart. */
function labels(
  { subject, trial, phase, place }: PhaseRow,
  more: Record<string, string> = {},
): string {
  const { target, result } = subject;
  return labelSet({
    result: result.id,
    target: target.name,
    runtime: target.runtime,
    trial: `${trial.index + 1}`,
    phase: phase.name,
    place: `${place + 1}`,
    traced: `${trial.traced}`,
    ...more,
  });
}

function labelSet(pairs: Readonly<Record<string, string>>): string {
  const written = Object.entries(pairs).map(([name, value]) => `${name}="${escape(value)}"`);
  return `{${written.join(',')}}`;
}

function escape(value: string): string {
  return printable(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
