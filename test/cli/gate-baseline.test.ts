import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gateSchema } from '../../dist/results/gate.js';
import { c1m } from '../fixtures/c1m.js';
import { gateExitCodes } from '../fixtures/gate-exit-codes.js';
import { targetFolder } from '../fixtures/target-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
const scenario = join(folder, 'short.yaml');
const results = join(folder, 'results');

/** A target of that name whose start takes so long, before it listens. */
function target(millis: number): string {
  const place = targetFolder('mine', '');
  const script = join(place, 'server.mjs');
  const wait = `await new Promise((done) => setTimeout(done, ${millis}));\n`;
  const [imports, ...rest] = readFileSync(script, 'utf8').split('\n');
  writeFileSync(script, [imports, wait, ...rest].join('\n'));
  return place;
}

beforeAll(async () => {
  writeFileSync(
    scenario,
    'name: short\nrequests: [{ path: / }]\nphases:\n' +
      '  - { name: hold, duration: 200ms, connections: 8, rate: 0, touch: true }\n' +
      '  - { name: load, requests: 500, connections: 4 }\n',
  );
  const place = target(0);
  const flags = ['--scenario', scenario, '--targets', place, '--trials', '3', '-o', results];
  const { code, stderr } = await c1m(['compare', ...flags, '--json', 'mine']);
  expect(code, stderr).toBe(0);
}, 120_000);

describe('c1m gate --baseline', () => {
  it('compares what it measures now with what was stored, and calls itself the weaker method', async () => {
    const [markdown, junit, summary] = ['m.md', 'j.xml', 's.md'].map((name) => join(folder, name));
    const outputs = ['--markdown', markdown!, '--junit', junit!, '-o', join(folder, 'gates')];
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary! };
    const flags = ['--baseline', results, '--trials', '3', '--json', ...outputs];
    // Slower to start by more than any machine is noisy.
    const { code, stdout, stderr } = await c1m(['gate', ...flags, target(2_000)], undefined, {
      env,
    });
    const result = gateSchema.parse(JSON.parse(stdout));
    expect(code, stderr).toBe(gateExitCodes[result.verdict]);
    expect(result).toMatchObject({ method: 'stored', verdict: 'regression', complete: true });
    const startup = result.metrics.find(({ name }) => name === 'startup')!;
    expect(startup).toMatchObject({ verdict: 'regression', allowed: 0.25 });
    expect(result.baseline!.trials).toEqual({ base: 3, head: 3 });
    const { base, head } = result.baseline!.values;
    expect(Math.min(...head['startup']!)).toBeGreaterThan(2_000);
    expect(base['startup']).toHaveLength(3);
    expect(result.metrics.map(({ name }) => name)).not.toContain('p99');
    const texts = [readFileSync(markdown!, 'utf8'), readFileSync(junit!, 'utf8'), stderr];
    const report = await c1m(['report', join(folder, 'gates')]);
    for (const text of [...texts, readFileSync(summary!, 'utf8'), report.stdout]) {
      expect(text).toContain('the weaker method');
      expect(text).not.toContain('second set of pairs');
    }
    expect(report.stdout).toMatch(/weaker method: 3 trials now, in \d+ s, against 3 stored ones/);
  }, 120_000);

  it('finds the newest of ./results, and takes its target and load', async () => {
    const cwd = process.cwd();
    process.chdir(dirname(results));
    const run = c1m(['gate', '--baseline', 'latest', '--trials', '2', '--json', target(0)]);
    process.chdir(cwd);
    const { code, stdout, stderr } = await run;
    const result = gateSchema.parse(JSON.parse(stdout));
    expect(code, stderr).toBe(gateExitCodes[result.verdict]);
    expect(result.scenario.name).toBe('short');
    expect(result.baseline!.trials.base).toBe(3);
  }, 120_000);

  it('exits with 4 where there is none, and says so in every output', async () => {
    const junit = join(folder, 'none.xml');
    const flags = ['--baseline', results, '--scenario', 'smoke', '--junit', junit];
    const { code, stdout } = await c1m(['gate', ...flags, target(0)]);
    expect(code).toBe(4);
    expect(stdout).toContain('NO BASELINE');
    expect(stdout).toContain('it is of another load: its scenario short has the hash');
    expect(readFileSync(junit, 'utf8')).toContain('errors="1"');
    const json = await c1m(['diff', '--baseline', join(folder, 'none.json'), '--json', target(0)]);
    expect(json.code).toBe(4);
    expect(gateSchema.parse(JSON.parse(json.stdout))).toMatchObject({ verdict: 'no-baseline' });
  });

  it('exits with 130 after Ctrl-C, and leaves nothing running', async () => {
    // Its server is not up yet by then.
    const words = ['gate', '--baseline', results, target(3_000)];
    const { code, stdout } = await c1m(words, /trial 1 of/);
    expect(code).toBe(130);
    expect(stdout).toContain('(interrupted)');
  });

  it.each([
    [['--baseline', 'latest', '--base', 'main'], '--base and --baseline exclude each other'],
    [['--baseline', 'latest', '-R', '5'], '--rate and --baseline exclude each other'],
    [['--baseline', 'latest', '--trials', '0'], '--trials: '],
    [['--baseline', 'latest', '--allow', 'p9=3%'], "Did you mean 'p99'?"],
    [['--base', 'main', '--trials', '3'], 'is for --baseline'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await c1m(['gate', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
