import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistogramLogReader } from 'hdr-histogram-js';
import { expect, it } from 'vitest';
import { readLatencies } from '../../src/latency/log-reader.js';
import { readStoredResult } from '../../src/store/stored-result.js';
import type { TrialResult } from '../../src/results/schema.js';
import { root } from '../fixtures/c1m.js';

const folder = join(root, 'results', 'reference-2026-11-24');
const trials = readStoredResult(folder).result.targets.flatMap((target) => target.trials);

it('every phase has as many answers in the log as in the document, and the same percentiles', () => {
  for (const trial of trials) {
    const reading = readLatencies(folder, trial);
    if (!reading.ok) expect.fail(reading.reason);
    trial.phases.forEach((phase, index) => {
      const logged = reading.phases[index]!;
      expect(logged.latency.totalCount).toBe(phase.latencyUs!.count);
      // The document's are cut to the exact minimum and maximum; a bucket is 0.1 % wide.
      const p99 = logged.latency.getValueAtPercentile(99);
      expect(Math.abs(p99 / phase.latencyUs!.p99 - 1)).toBeLessThan(0.001);
      const inClock = logged.seconds.filter(({ lengthSeconds }) => lengthSeconds > 0);
      const seconds = inClock.reduce((sum, { lengthSeconds }) => sum + lengthSeconds, 0);
      expect(seconds).toBeCloseTo(phase.load.durationSeconds, 2);
    });
  }
});

it('the seconds of a phase are those that HdrHistogram’s own reader finds', () => {
  const [trial] = trials;
  const reader = new HistogramLogReader(readFileSync(join(folder, trial!.histograms!), 'utf8'));
  const counts: number[] = [];
  for (;;) {
    const interval = reader.nextIntervalHistogram();
    if (interval === null) break;
    if (interval.tag === 'throughput/latency') counts.push(interval.totalCount);
  }
  const reading = readLatencies(folder, trial!);
  if (!reading.ok) expect.fail(reading.reason);
  const place = trial!.phases.findIndex(({ name }) => name === 'throughput');
  expect(reading.phases[place]!.seconds.map(({ answers }) => answers)).toEqual(counts);
});

it.each([
  ['kept none', null, 'no histograms were kept'],
  ['lost its file', 'gone.hlog', 'gone.hlog is missing'],
  ['names a file elsewhere', '../secret.hlog', '../secret.hlog does not lie beside it'],
  ['has a log that was cut', 'cut.hlog', 'cut.hlog cannot be read'],
])('a trial that %s says so', (_, histograms, reason) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'c1m-'));
  writeFileSync(join(elsewhere, 'cut.hlog'), 'Tag=throughput/latency,5.0,1.0,3.2,HISTFAAAA\n');
  const trial: TrialResult = { ...trials[0]!, histograms };
  const reading = readLatencies(elsewhere, trial);
  expect(reading).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as string });
});
