import { join } from 'node:path';
import { Chalk } from 'chalk';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../src/figures/reading.js';
import { figureNamed } from '../../src/figures/table.js';
import { compareReport } from '../../src/report/compare-report.js';
import { conclude } from '../../src/report/conclusion/conclusion.js';
import { csvReport } from '../../src/report/csv.js';
import { htmlPage } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { prometheusReport } from '../../src/report/prometheus.js';
import { resultJunit } from '../../src/report/result-junit.js';
import { runSummary } from '../../src/report/run-summary.js';
import { subjectsOf } from '../../src/report/subject.js';
import type { PhaseResult } from '../../src/results/figures.js';
import { resultSchema } from '../../src/results/schema.js';
import { median } from '../../src/stats/sample.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { root } from '../fixtures/c1m.js';

// Three trials of a target, as if each phase had sent two kinds of requests.
const stored = readStoredResult(join(root, 'results/reference-2026-11-24'));
const { result } = stored;
result.targets = result.targets.filter(({ name }) => name === 'go-bare');
const [target] = result.targets;
const loaded = ({ kind }: PhaseResult): boolean => kind !== 'idle';
for (const [number, trial] of target!.trials.entries()) {
  for (const [place, phase] of trial.phases.filter(loaded).entries()) {
    const { latencyUs, load } = phase;
    const of = (name: string, share: number, times: number): PhaseResult['requests'][0] => ({
      ...{ name, method: 'GET', path: `/${name}`, weight: share * 10, requestsSent: 1000 },
      ...{ responses: 990, requestsPerSecond: load.requestsPerSecond * share, errors: {} },
      ...{ statusCodes: { '200': 983 - number, '404': 7 + number } },
      errorResponses: name === 'write' ? 7 + number : 0,
      events: null,
      latencyUs: {
        ...latencyUs!,
        p50: latencyUs!.p50 * times + place,
        p99: latencyUs!.p99 * times + place,
      },
    });
    phase.requests = [of('read', 0.7, 1.37), of('write', 0.3, 5.91)];
    load.errorResponses = 7 + number;
  }
}
resultSchema.parse(result);

const terminal = compareReport([result], 400, new Chalk({ level: 0 }));
const markdown = markdownReport([result]);
const page = htmlPage([stored]);
const records: Record<string, string>[] = parse(csvReport([result]), { columns: true });
const samples = prometheusReport([result]).split('\n');
const cases = ['throughput', 'latency'].flatMap((phase) =>
  ['read', 'write'].map((request) => ({ phase, request })),
);

/** Where CSV and Prometheus have it. */
const places = {
  p50: { column: 'latencyUsP50', metric: 'latency_seconds{', quantile: 'quantile="0.5"' },
  p99: { column: 'latencyUsP99', metric: 'latency_seconds{', quantile: 'quantile="0.99"' },
  requestsPerSecond: {
    column: 'requestsPerSecond',
    metric: 'requests_per_second{',
    quantile: '',
  },
  errors: { column: 'errors', metric: 'errors{', quantile: '' },
};

describe.each(cases)('of $request in the phase $phase, every report says the same', (asked) => {
  const parts = target!.trials.map((trial) => {
    const phase = trial.phases.find(({ name }) => name === asked.phase)!;
    return { phase, request: phase.requests.find(({ name }) => name === asked.request)! };
  });
  const rowOf = (text: string, separator: string): string => {
    const label = `${asked.phase}, ${asked.request}`;
    return text.split('\n').find((line) => line.split(separator)[1]?.trim() === label)!;
  };

  it.each(Object.keys(places) as (keyof typeof places)[])('%s', (name) => {
    const figure = figureNamed(name);
    const values = parts.map((part) => readRequest(figure, part)!.value);
    const text = figure.format(median(values));
    expect(rowOf(terminal, '│')).toContain(text);
    expect(rowOf(markdown.replaceAll('*', ''), '|')).toContain(text);
    const row = new RegExp(
      `<span class="name">${asked.phase}, ${asked.request}</span>.*?</tr>`,
      's',
    );
    expect(row.exec(page)![0]).toContain(text);

    const { column } = places[name];
    const cells = records
      .filter(({ phase, request }) => phase === asked.phase && request === asked.request)
      .map((record) => Number(record[column]));
    expect(cells).toEqual(values);

    const { metric, quantile } = places[name];
    const found = samples
      .filter((line) => line.startsWith(`c1m_request_${metric}`) && line.includes(quantile))
      .filter((line) => line.includes(`phase="${asked.phase}"`))
      .filter((line) => line.includes(`request="${asked.request}"`))
      .map((line) => Number(line.split(' ').at(-1)) * (figure.unit === 'us' ? 1e6 : 1));
    expect(found).toHaveLength(values.length);
    found.forEach((value, trial) => expect(value).toBeCloseTo(values[trial]!, 6));
  });

  it('statuses stand beside', () => {
    expect(rowOf(markdown, '|').replaceAll('*', '')).toMatch(/\| 982<br>.*\| 8<br>/);
    const codes = records
      .filter(({ phase, request }) => phase === asked.phase && request === asked.request)
      .map(({ statusCodes }) => statusCodes);
    expect(codes).toEqual(['200:983 404:7', '200:982 404:8', '200:981 404:9']);
  });
});

it('the records of phases are those whose request is empty', () => {
  const phases = target!.trials.flatMap((trial) => trial.phases);
  expect(records.filter(({ request }) => request === '')).toHaveLength(phases.length);
});

it('the summary of a run has a table of the requests under each phase', () => {
  const run = { ...result, kind: 'run' as const };
  run.targets = [{ ...target!, trials: target!.trials.slice(0, 1) }];
  const tables = runSummary(run, 400, new Chalk({ level: 0 })).split(
    'Each request of the scenario',
  );
  const underLoad = target!.trials[0]!.phases.filter(loaded);
  expect(tables).toHaveLength(underLoad.length + 1);
  tables.slice(1).forEach((table, place) => {
    const { p99 } = underLoad[place]!.requests[1]!.latencyUs!;
    expect(table).toMatch(new RegExp(`│ write .*${figureNamed('p99').format(p99)}`));
  });
});

it('the finding on errors says of which request they are', () => {
  const { findings } = conclude([result], subjectsOf([result]));
  const { text } = findings.find(({ topic }) => topic === 'Errors')!;
  const all = 2 * (7 + 8 + 9);
  expect(text).toMatch(
    new RegExp(`^${all} of .*: ${all} × error-status, of these ${all} of write\\.$`),
  );
});

it('JUnit has a line for each request in the case of its phase', () => {
  const xml = resultJunit([result]);
  expect(xml.match(/^write: .*status 983 × 200, 7 × 404, errors 7, p50 /gm)).toHaveLength(2);
});
