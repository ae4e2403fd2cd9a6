import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Calibration } from '../../src/results/calibration.js';
import { calibrationFile, findCeiling, keepCeiling } from '../../src/store/calibration.js';
import { resultSchema, type RunResult } from '../../src/results/schema.js';
import { c1m } from '../fixtures/c1m.js';
import { serve } from '../fixtures/serve.js';

it('c1m calibrate finds a ceiling for an engine, keeps it, and runs quote it', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'c1m-'));
  const env = { C1M_CACHE: cache };
  const only = ['--only', 'ceilings', '--engines', 'uring', '--threads', '1'];
  const arguments_ = ['calibrate', ...only, '--duration', '300ms'];
  const calibrated = await c1m([...arguments_, '--json'], undefined, { env });
  expect(calibrated.code).toBe(0);
  const { ceilings, noiseFloor } = JSON.parse(calibrated.stdout) as Calibration;
  const [ceiling] = ceilings;
  expect(noiseFloor).toBeNull();
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

it('c1m calibrate measures a server against itself, and comparisons carry and print the floor', async () => {
  const env = { C1M_CACHE: mkdtempSync(join(tmpdir(), 'c1m-')) };
  const args = ['calibrate', '--only', 'noise', '--pairs', '3', '--json'];
  const calibrated = await c1m(args, undefined, { env });
  expect(calibrated.code, calibrated.stderr).toBe(0);
  expect(calibrated.stderr).toContain('node-http against itself, process 6 of 6');
  const { noiseFloor } = JSON.parse(calibrated.stdout) as Calibration;
  expect(noiseFloor).toMatchObject({ target: 'node-http', pairs: 3 });
  // Each process was really started: no two take equally long. A share of 1 would be a factor of 2.
  expect(noiseFloor!.shares.startupMs).toBeGreaterThan(0);
  expect(noiseFloor!.shares.bytesPerConnection).toBeGreaterThan(0);
  const shown = await c1m(['calibrate', '--show'], undefined, { env });
  expect(shown.stdout).toContain(
    'Noise floor, by node-http against itself in 3 pairs of processes',
  );

  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const scenario = join(folder, 'short.yaml');
  const phases = '[{name: load, duration: 300ms, connections: 4}]';
  writeFileSync(scenario, `name: short\nrequests: [{path: /plaintext}]\nphases: ${phases}\n`);
  const flags = ['--scenario', scenario, '--trials', '2', '-o', folder];
  const words = ['compare', ...flags, 'node-http', 'node-net-bare'];
  const compared = await c1m(words, undefined, { env });
  expect(compared.stdout).toContain('Noise floor, by node-http against itself in 3 pairs');
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const result = resultSchema.parse(JSON.parse(readFileSync(join(folder, file!), 'utf8')));
  expect(result.noiseFloor).toEqual(noiseFloor);
  // Elsewhere, or with another calibration since, a report says what applied then.
  const elsewhere = await c1m(['report', folder], undefined, { env: { C1M_CACHE: folder } });
  expect(elsewhere.stdout).toContain('Noise floor, by node-http against itself in 3 pairs');
}, 240_000);

it('c1m calibrate refuses pairs that are too few', async () => {
  const refused = await c1m(['calibrate', '--only', 'noise', '--pairs', '2']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--pairs');
  expect(refused.stderr).toContain('at least 3');
});
