import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Calibration, Ceiling } from '../../src/results/calibration.js';
import { calibrationFile, findCeiling, keepCeiling } from '../../src/results/calibration-file.js';
import type { RunResult } from '../../src/results/schema.js';
import { c1m } from '../fixtures/c1m.js';
import { serve } from '../fixtures/serve.js';

it('c1m calibrate finds a ceiling for an engine, keeps it, and runs quote it', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'c1m-'));
  const env = { C1M_CACHE: cache };
  const arguments_ = ['calibrate', '--engines', 'uring', '--threads', '1', '--duration', '300ms'];
  const calibrated = await c1m([...arguments_, '--json'], undefined, { env });
  expect(calibrated.code).toBe(0);
  const [ceiling] = JSON.parse(calibrated.stdout) as Ceiling[];
  expect(ceiling).toMatchObject({ engine: 'uring', threads: 1, connections: 64 });
  expect(ceiling!.steps.map(({ share }) => share)).toEqual([0.1, 0.25, 0.5, 0.75, 0.9]);
  for (const { share, offeredPerSecond, sendDelayUs } of ceiling!.steps) {
    expect(offeredPerSecond).toBe(Math.round(ceiling!.requestsPerSecond * share));
    expect(sendDelayUs.p99).toBeGreaterThanOrEqual(sendDelayUs.p50);
  }

  const shown = await c1m(['calibrate', '--show'], undefined, { env });
  expect(shown.stdout).toContain('uring');
  expect(shown.stdout).toContain(cache);

  const served = await serve();
  try {
    const run = await c1m(
      ['run', '--json', '-q', '-t', '1', '-d', '300ms', served.url],
      undefined,
      { env },
    );
    const { generator, load } = (JSON.parse(run.stdout) as RunResult).targets[0]!.trials[0]!;
    expect(generator.ceiling).toEqual({
      requestsPerSecond: ceiling!.requestsPerSecond,
      share: load.requestsPerSecond / ceiling!.requestsPerSecond,
      measuredAt: ceiling!.measuredAt,
    });
  } finally {
    served.stop();
  }
});

it('a calibration by another c1m is no calibration', () => {
  const before = process.env['C1M_CACHE'];
  process.env['C1M_CACHE'] = mkdtempSync(join(tmpdir(), 'c1m-'));
  try {
    const [engine, measuredAt] = ['uring', new Date().toISOString()];
    const figures = { connections: 64, requestsPerSecond: 1e5, cpuUsPerRequest: 5, steps: [] };
    keepCeiling({ engine, threads: 1, ...figures, measuredAt });
    expect(findCeiling('uring', 1)).toMatchObject({ requestsPerSecond: 1e5 });
    expect(findCeiling('uring', 2)).toBeNull();
    const kept = JSON.parse(readFileSync(calibrationFile(), 'utf8')) as Calibration;
    writeFileSync(calibrationFile(), JSON.stringify({ ...kept, tool: '0.0.0' }));
    expect(findCeiling('uring', 1)).toBeNull();
  } finally {
    if (before === undefined) delete process.env['C1M_CACHE'];
    else process.env['C1M_CACHE'] = before;
  }
});
