import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gateSchema } from '../../dist/results/gate.js';
import { c1m } from '../fixtures/c1m.js';
import { gateExitCodes } from '../fixtures/gate-exit-codes.js';
import { workingServer } from '../fixtures/working-server.js';

it('c1m gate shows a head that works much harder, and writes what CI reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  writeFileSync(join(folder, 'old.cjs'), workingServer(3_000));
  writeFileSync(join(folder, 'new.cjs'), workingServer(20_000));
  const commands = ['old', 'new'].map((name) => `${process.execPath} ${join(folder, name)}.cjs`);
  const [markdown, junit, summary] = ['m.md', 'j.xml', 's.md'].map((name) => join(folder, name));
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary! };
  const flags = ['--base-command', commands[0]!, '--head-command', commands[1]!];
  const outputs = ['--markdown', markdown!, '--junit', junit!, '-o', folder, '--json'];
  const { code, stdout, stderr } = await c1m(
    ['gate', ...flags, ...outputs, '--budget', '90s', '-R', '500'],
    undefined,
    { env },
  );
  const result = gateSchema.parse(JSON.parse(stdout));
  // A minute and a half is too short for two sets of pairs: it is suspected, and not called.
  expect(['inconclusive', 'regression'], stderr).toContain(result.verdict);
  expect(code).toBe(gateExitCodes[result.verdict]);
  const cpu = result.metrics.find(({ name }) => name === 'cpuUsPerRequest')!;
  expect(cpu.ratio).toBeGreaterThan(1.5);
  expect(readFileSync(markdown!, 'utf8')).toContain('| CPU per request | +');
  expect(readFileSync(summary!, 'utf8')).toBe(readFileSync(markdown!, 'utf8'));
  expect(readFileSync(junit!, 'utf8')).toContain('name="CPU per request"');
  expect(stderr).toMatch(/^::(error|warning) title=c1m gate::/m);
  const stored = await c1m(['report', join(folder, `${result.id}.json`)]);
  expect(stored.stdout).toContain('CPU per request');
}, 240_000);
