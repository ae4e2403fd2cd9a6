import { Chalk } from 'chalk';
import { parse } from 'csv-parse/sync';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trialValues } from '../../src/baseline/trial-values.js';
import { comparedNames } from '../../src/compare/compared.js';
import { phasesBehind, readTrial } from '../../src/figures/reading.js';
import { figureNamed, type FigureName } from '../../src/figures/table.js';
import { compareReport } from '../../src/report/compare-report.js';
import { csvReport } from '../../src/report/csv.js';
import { historyMetrics } from '../../src/report/history/metrics.js';
import { pointOf } from '../../src/report/history/point.js';
import { htmlPage } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { prometheusReport } from '../../src/report/prometheus.js';
import { median } from '../../src/stats/sample.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { judgeThresholds } from '../../src/thresholds/judge.js';
import { parseThreshold } from '../../src/thresholds/threshold.js';
import { root } from '../fixtures/c1m.js';

// Nine targets of three trials each, of which one, of python-uvloop-bare, is not valid.
const stored = readStoredResult(join(root, 'results/reference-2026-11-24'));
const { result } = stored;
// A fifth of the answers of one more are errors, which no request expects.
const failing = result.targets.find(({ name }) => name === 'go-nethttp')!;
for (const trial of failing.trials) {
  for (const { load } of [trial, ...trial.phases]) {
    load.statusCodes = { '200': load.responses - 200, '500': 200 };
  }
}

const terminal = compareReport([result], 400, new Chalk({ level: 0 }));
const markdown = markdownReport([result]);
const page = htmlPage([stored]);

/** By hand: what each report has to say of a target. */
function expected(name: FigureName, target: (typeof result.targets)[number]): number {
  const readings = target.trials.flatMap((trial) => readTrial(figureNamed(name), trial) ?? []);
  return median(readings.flatMap(({ trust, value }) => (trust === 'invalid' ? [] : [value])));
}

describe.each(result.targets.map((target) => ({ name: target.name, target })))(
  'of $name, every report says the same',
  ({ name, target }) => {
    it.each(comparedNames)('%s', (figureName) => {
      const figure = figureNamed(figureName);
      const value = expected(figureName, target);
      const text =
        figureName === 'bytesPerConnection'
          ? Math.round(value).toLocaleString('en-US')
          : figure.format(value);

      const rowOf = (report: string, separator: string): string =>
        report
          .split('\n')
          .filter((line) => line.split(separator)[1]?.trim().replaceAll('\\', '') === name)
          .join('\n');
      expect(rowOf(terminal, '│')).toContain(text);
      expect(rowOf(markdown.replaceAll('*', ''), '|')).toContain(text);
      expect(page).toContain(text);

      const metric = { ...historyMetrics.get(figureName)!, name: figureName };
      expect(pointOf(result, name, metric)!.value).toBeCloseTo(value, 6);
      expect(median(trialValues(figureName, target.trials).values)).toBeCloseTo(value, 6);
      const sign = figure.better === 'lower' ? '<=' : '>=';
      const limit = { us: '1us', bytes: '1B' }[figure.unit as string] ?? '1';
      const condition = parseThreshold(`${figureName}${sign}${limit}`, '--fail-if');
      if (!condition.ok) throw new Error(condition.message);
      const judged = judgeThresholds([condition.value], result);
      expect(judged.find((each) => each.target === name)!.value).toBeCloseTo(value, 6);
    });
  },
);

const columnOf: Partial<Record<FigureName, string>> = {
  requestsPerSecond: 'requestsPerSecond',
  p50: 'latencyUsP50',
  p99: 'latencyUsP99',
  cpuUsPerRequest: 'cpuUsPerRequest',
  errors: 'errors',
};
const gaugeOf: Partial<Record<FigureName, (labels: string) => string>> = {
  requestsPerSecond: (labels) => `c1m_requests_per_second{${labels}}`,
  p50: (labels) => `c1m_latency_seconds{${labels},quantile="0.5"}`,
  p99: (labels) => `c1m_latency_seconds{${labels},quantile="0.99"}`,
  cpuUsPerRequest: (labels) => `c1m_server_cpu_seconds_per_request{${labels}}`,
  errors: (labels) => `c1m_errors{${labels}}`,
};

describe('CSV and Prometheus have, in the line of its phase,', () => {
  const records: Record<string, string>[] = parse(csvReport([result]), { columns: true });
  const samples = new Map(
    prometheusReport([result])
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );

  it.each(Object.keys(columnOf) as FigureName[])('the same %s as the trial', (name) => {
    const figure = figureNamed(name);
    for (const target of result.targets) {
      for (const trial of target.trials) {
        const phases = phasesBehind(figure, trial);
        const lines = phases.map((phase) => {
          const place = trial.phases.indexOf(phase);
          const labels = `result="${result.id}",target="${target.name}",runtime="${target.runtime}",trial="${trial.index + 1}",phase="${phase.name}",place="${place + 1}",traced="${trial.traced}"`;
          const record = records.filter(
            (each) => each['target'] === target.name && each['trial'] === `${trial.index + 1}`,
          )[place]!;
          const sample = samples.get(gaugeOf[name]!(labels));
          return { csv: Number(record[columnOf[name]!]), prometheus: Number(sample) };
        });
        const { value } = readTrial(figure, trial)!;
        const sum = (key: 'csv' | 'prometheus'): number =>
          lines.reduce((total, line) => total + line[key], 0);
        expect(sum('csv')).toBeCloseTo(value, 6);
        expect(sum('prometheus') * (figure.unit === 'us' ? 1e6 : 1)).toBeCloseTo(value, 6);
      }
    }
  });
});

it('errors are answers with an error status as well, and the first thing that reports say', () => {
  expect(expected('errors', failing)).toBeGreaterThan(600);
  const sentence = /go-nethttp: [\d,]+ of [\d,]+ \([\d.]+ %\): [\d,]+ × error-status/;
  for (const report of [terminal, markdown, page]) {
    expect(report.replaceAll('\\', '')).toMatch(sentence);
  }
});

it('an invalid trial takes no part, and where there is no other, its figures are marked', () => {
  const [target] = result.targets.filter(({ name }) => name === 'python-uvloop-bare');
  expect(target!.trials.filter(({ valid }) => !valid)).toHaveLength(1);
  const alone = structuredClone(result);
  alone.targets = [structuredClone(target!)];
  alone.targets[0]!.trials = target!.trials.filter(({ valid }) => !valid);
  const report = compareReport([alone], 400, new Chalk({ level: 0 }));
  expect(report).toMatch(/python-uvloop-bare.*! [\d.]+ ms/);
  expect(report).toMatch(/! before a figure: not valid/);
});
