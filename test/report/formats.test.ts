import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { HistogramLogReader, type Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { csvReport } from '../../src/report/csv.js';
import { hgrmFiles } from '../../src/report/hgrm.js';
import { htmlPage } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { prometheusReport } from '../../src/report/prometheus.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import { root } from '../fixtures/c1m.js';

// Really measured: two targets, each with a trial in which its scheduling was watched.
const folder = join(root, 'test/fixtures/watched');
const reference = join(root, 'results/reference-2026-11-24');
const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

const hostile = '=cmd|\' /C calc\'!A0,"<img src=x onerror=alert(1)>"\n| [x](javascript:1) @all `';

it('Markdown, CSV and Prometheus show what was measured', async () => {
  const result = readStoredResult(folder).result;
  await expect(markdownReport([result])).toMatchFileSnapshot(golden('watched.md'));
  await expect(csvReport([result])).toMatchFileSnapshot(golden('watched.csv'));
  await expect(prometheusReport([result])).toMatchFileSnapshot(golden('watched.prom'));
});

describe('CSV', () => {
  it('has a record per phase of each trial, with the figures of the document', () => {
    const result = readStoredResult(reference).result;
    const records: Record<string, string>[] = parse(csvReport([result]), { columns: true });
    const phases = result.targets.flatMap(({ name, trials }) =>
      trials.flatMap((trial) => trial.phases.map((phase) => ({ name, trial, phase }))),
    );
    expect(records).toHaveLength(phases.length);
    records.forEach((record, index) => {
      const { name, trial, phase } = phases[index]!;
      expect(record).toMatchObject({
        target: name,
        trial: `${trial.index + 1}`,
        phase: phase.name,
        valid: `${phase.valid}`,
        requestsPerSecond: `${phase.load.requestsPerSecond}`,
        latencyUsP99: `${phase.latencyUs!.p99}`,
      });
    });
  });

  it('keeps a name of any kind in its field, and from being a formula', () => {
    const result = readStoredResult(folder).result;
    result.targets[0]!.name = hostile;
    const [record] = parse(csvReport([result]), { columns: true });
    expect(record).toHaveProperty('target', `'${hostile}`);
  });
});

describe('Prometheus', () => {
  const sample = /^c1m_[a-z0-9_]+\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\} -?[\d.]+(?:e-?\d+)?$/;

  it.each([folder, reference])(
    'every line of %s is a sample or a comment, and none comes twice',
    (place) => {
      const result = readStoredResult(place).result;
      result.targets[0]!.name = `${hostile}\\`;
      const lines = prometheusReport([result]).trimEnd().split('\n');
      for (const line of lines) if (!line.startsWith('# ')) expect(line).toMatch(sample);
      const keys = lines
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.replace(/ \S+$/, ''));
      expect(new Set(keys).size).toBe(keys.length);
    },
  );
});

it('text of others stays text in Markdown', () => {
  const result = readStoredResult(folder).result;
  result.targets[0]!.name = hostile;
  const text = markdownReport([result]);
  expect(text).not.toContain('<img');
  expect(text).not.toMatch(/(?<!\\)\[x/);
  expect(text).not.toContain('@all');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  // The cells of each row are as many as its table has columns.
  const cells = rows.map((row) => row.replace(/\\\|/g, '').split('|').length);
  expect(new Set(cells.slice(0, 4)).size).toBe(1);
});

it('hgrm is what HdrHistogram prints of the same log', () => {
  const stored = readStoredResult(reference);
  const trial = stored.result.targets[0]!.trials[0]!;
  const reader = new HistogramLogReader(readFileSync(join(reference, trial.histograms!), 'utf8'));
  let whole: Histogram | null = null;
  for (;;) {
    const interval = reader.nextIntervalHistogram();
    if (interval === null) break;
    if (interval.tag !== 'latency/latency') continue;
    if (whole === null) whole = interval;
    else whole.add(interval);
  }
  const file = hgrmFiles([stored]).find(({ name }) => name === 'go-bare-1-latency.hgrm');
  expect(file?.text).toBe(whole!.outputPercentileDistribution(5, 1_000));
  expect(file?.text).toContain(`${trial.latencyUs!.count}`);
});

it('hgrm names its files so that none leaves the folder', () => {
  const stored = readStoredResult(reference);
  stored.result.targets[0]!.name = '../../etc/passwd';
  for (const { name } of hgrmFiles([stored])) expect(name).toMatch(/^[A-Za-z0-9_-]+\.hgrm$/);
});

describe('the page of a result whose scheduling was watched', () => {
  const page = htmlPage([readStoredResult(folder)]);

  it('stacks kernel and runtime, with the figures of the document', () => {
    expect(page).toContain('54.8 µs: 26.4 µs + 26.4 µs');
    expect(page).toContain('49.7 µs: 28.4 µs + 20.7 µs');
  });

  it('draws the delay against load without the loads that are not valid', () => {
    const start = page.indexOf('<h3>Scheduling delay against load</h3>');
    const [wide = ''] = /<svg class="wide".*?<\/svg>/s.exec(page.slice(start)) ?? [];
    const marks = (label: string): number => wide.split(`<title>${label}: `).length - 1;
    const { targets } = readStoredResult(folder).result;
    for (const { name, trials } of targets) {
      const steps = trials
        .filter(({ traced }) => traced)
        .flatMap(({ phases }) => phases)
        .filter(({ kind, server }) => kind === 'latency' && server?.scheduling);
      expect(steps).toHaveLength(4);
      const valid = steps.filter((phase) => phase.valid && phase.server!.scheduling!.valid);
      expect(valid.length).toBeLessThan(4);
      expect(marks(name)).toBe(valid.length);
    }
  });

  it('keeps the watched trial out of the table', () => {
    const table = page.slice(page.indexOf('<caption>Speed'), page.indexOf('<caption>Memory'));
    expect(table).toContain('<strong>28,948</strong>');
    expect(table).not.toContain('31,193');
  });
});
