import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { c1m } from '../fixtures/c1m.js';
import { resultSchema } from '../../dist/index.js';

const bin = fileURLToPath(new URL('../../bin/c1m.js', import.meta.url));

it('c1m compare --quick measures a target and keeps the result, which c1m report prints', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const args = ['compare', '--quick', '--trials', '1', '--json', '-o', folder, 'node-http'];
  const json = execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', stdio: 'pipe' });
  const result = resultSchema.parse(JSON.parse(json));
  const trial = result.targets[0]!.trials[0]!;
  expect(trial.load.responses).toBeGreaterThan(100);
  expect(trial.latencyUs!.count).toBeGreaterThan(100);
  expect(trial.phases.map((phase) => phase.kind)).toContain('idle');
  const server = trial.server!;
  expect(server.startupMs).toBeGreaterThan(10);
  expect(server.cpuUsPerRequest).toBeGreaterThan(1);
  // Node keeps a socket, a parser and their streams for each connection: kilobytes, not bytes.
  expect(server.bytesPerConnection!.slope).toBeGreaterThan(2_000);
  expect(server.bytesPerConnection!.slope).toBeLessThan(40_000);
  expect(
    readdirSync(folder)
      .map((file) => file.split('.').at(-1))
      .sort(),
  ).toEqual(['hlog', 'json']);
  const report = await c1m(['report', folder, folder]);
  expect(report.code).toBe(0);
  expect(report.stdout).toContain('node-http [1]');
  expect(report.stdout).toContain('node-http [2]');
}, 120_000);
