import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultSchema, type RunResult } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { targetFolder } from '../fixtures/target-folder.js';

const lastWords = (when: string): string =>
  `${when}(() => { console.error('out of luck'); process.exit(7); }`;
/** Ends in the middle of the load. */
const mortal = targetFolder('mortal', `${lastWords('setTimeout')}, 1_200);`);
/** Ends before it has come up. */
const stillborn = targetFolder('stillborn', `process.exit(3);`);
const sound = targetFolder('sound', '');
const modern = targetFolder('modern', '', "{name: node, minVersion: '99'}");

function setUp(): { folder: string; scenario: string } {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const scenario = join(folder, 'load.yaml');
  writeFileSync(
    scenario,
    'name: load\nrequests: [{path: /}]\nphases: [{name: load, duration: 2s, connections: 4}]\n',
  );
  return { folder, scenario };
}

function stored(stdout: string): RunResult {
  const file = /Result +(\S+)/.exec(stdout)![1]!;
  return resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

describe('c1m compare', () => {
  it('goes on where servers die, keeps which ones and why, and exits with 1', async () => {
    const { folder, scenario } = setUp();
    const names = ['mortal', 'stillborn', 'sound'];
    const flags = ['--scenario', scenario, '--trials', '2', '-o', folder];
    const folders = ['--targets', mortal, stillborn, sound];
    const { code, stdout, stderr } = await c1m(['compare', ...names, ...flags, ...folders]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/mortal failed: .*exit code 7[^]*out of luck/);
    const { targets, failures, skipped } = stored(stdout);
    expect(skipped).toEqual([]);
    expect(failures.map(({ name, trial }) => `${name} ${trial ?? 'build'}`).sort()).toEqual([
      'mortal 0',
      'mortal 1',
      'stillborn 0',
      'stillborn 1',
    ]);
    expect(failures.find(({ name }) => name === 'mortal')!.reason).toContain('out of luck');
    expect(failures.find(({ name }) => name === 'stillborn')!.reason).toContain('3');
    const trialsOf = (name: string): { valid: boolean }[] =>
      targets.find((target) => target.name === name)!.trials;
    expect(trialsOf('sound').map(({ valid }) => valid)).toEqual([true, true]);
    expect(trialsOf('mortal').some(({ valid }) => valid)).toBe(false);
    const report = await c1m(['report', folder]);
    expect(report.stdout).toContain('│ sound');
    expect(report.stdout).toMatch(/! mortal failed in trials 1, 2: .*exit code 7[^]*out of luck/);
    expect(report.stdout).toContain('! stillborn failed in trials 1, 2: ');
  }, 60_000);

  it('keeps the failures even where nothing was measured', async () => {
    const { folder, scenario } = setUp();
    const flags = ['--scenario', scenario, '--trials', '1', '-o', folder];
    const args = ['compare', 'stillborn', ...flags, '--targets', stillborn];
    const { code, stdout } = await c1m(args);
    expect(code).toBe(1);
    expect(stored(stdout).failures).toHaveLength(1);
    expect((await c1m(['report', folder])).stdout).toContain('No target was measured.');
  });

  it('notes a target whose toolchain is missing, and exits with 0', async () => {
    const { folder, scenario } = setUp();
    const flags = ['--scenario', scenario, '--trials', '1', '-o', folder];
    const args = ['compare', 'modern', 'sound', ...flags, '--targets', modern, sound];
    const { code, stdout, stderr } = await c1m(args);
    expect(code).toBe(0);
    expect(stderr).toContain('modern is left out');
    const { skipped, failures } = stored(stdout);
    expect(skipped.map(({ name }) => name)).toEqual(['modern']);
    expect(failures).toEqual([]);
  });
});
