import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gateSchema } from '../../dist/results/gate.js';
import { readResult } from '../../dist/store/reader.js';
import { serveNull } from '../fixtures/null-server.js';
import { targetFolder } from '../fixtures/target-folder.js';
import { hasUring } from '../fixtures/uring.js';
import { repository } from './repository.js';
import {
  appears,
  hello,
  left,
  nothing,
  ownFolder,
  pressed,
  start,
  startOnTerminal,
} from './started.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Short, and its trials are many: the second is soon there. */
function scenario(): string {
  const file = join(ownFolder(), 'load.yaml');
  const phase = '{name: load, duration: 900ms, connections: 4}';
  writeFileSync(file, `name: load\nrequests: [{path: /}]\nphases: [${phase}]\n`);
  return file;
}

describe.each(signals)('%s', (signal) => {
  it('lets c1m run keep what it measured', async () => {
    const folder = ownFolder();
    const run = start(['run', '-d', '1m', '-R', '100', '-c', '2', '-o', folder, await hello()]);
    await run.says(/ responses/);
    pressed(run, signal);
    expect(await run.ended).toBe(130);
    expect(readdirSync(folder)).toHaveLength(2);
    expect(readResult(folder)).toMatchObject({ kind: 'run' });
    expect(await left(run)).toEqual(nothing);
  });

  it('lets c1m compare keep its trials, and end the server', async () => {
    const folder = ownFolder();
    const flags = ['--scenario', scenario(), '--trials', '20', '-o', folder];
    const more = ['--targets', targetFolder('mine', ''), '--', 'mine'];
    const compare = start(['compare', ...flags, ...more]);
    await compare.says(/trial 2 of 20/);
    pressed(compare, signal);
    expect(await compare.ended).toBe(130);
    const result = readResult(folder);
    if (result.kind !== 'compare') throw new Error(`It is of ${result.kind}`);
    expect(result.targets[0]!.trials.length).toBeGreaterThan(0);
    expect(readdirSync(folder).every((name) => /\.(json|hlog)$/.test(name))).toBe(true);
    expect(await left(compare)).toEqual(nothing);
  });

  it('lets c1m wakeup keep its trials, and end the program', async () => {
    const folder = ownFolder();
    const flags = ['--trials', '20', '--tasks', '10', '-o', folder];
    const wakeup = start(['wakeup', 'wakeup-node', ...flags]);
    await wakeup.says(/trial 2 of 20/);
    pressed(wakeup, signal);
    expect(await wakeup.ended).toBe(130);
    expect(readResult(folder)).toMatchObject({ kind: 'wakeup' });
    expect(await left(wakeup)).toEqual(nothing);
  });

  it('ends c1m gate without work tree and server', async () => {
    const { folder, workTrees } = repository();
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    await gate.says(/looking for the rate/);
    pressed(gate, signal);
    expect(await gate.ended).toBe(130);
    expect(gate.stderr()).toContain('Interrupted before anything was measured');
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  });

  it('ends c1m gate while git checks out, without work tree and hook', async () => {
    const { folder, workTrees, checkOutSlowly } = repository();
    checkOutSlowly();
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    await expect.poll(() => workTrees().length, { timeout: 20_000 }).toBe(2);
    pressed(gate, signal);
    expect(await gate.ended).toBe(130);
    expect(gate.stderr()).toContain('Interrupted before anything was measured');
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  });

  it('ends c1m demo with what it has, and its server', async () => {
    const demo = start(['demo']);
    await demo.says(/ responses/);
    pressed(demo, signal);
    expect(await demo.ended).toBe(130);
    expect(await left(demo)).toEqual(nothing);
  });

  it('ends c1m targets start and its server', async () => {
    const folders = ['--targets', targetFolder('mine', '')];
    const started = start(['targets', 'start', 'mine', ...folders]);
    await expect.poll(() => started.stdout(), { timeout: 30_000 }).toContain('answers at');
    pressed(started, signal);
    expect(await started.ended).toBe(0);
    expect(await left(started)).toEqual(nothing);
  });

  it.runIf(hasUring)('ends c1m calibrate and its server', async () => {
    const env = { C1M_CACHE: ownFolder() };
    const flags = ['--only', 'ceilings', '--engines', 'net', '--threads', '1'];
    const calibrate = start(['calibrate', ...flags], { env });
    await calibrate.says(/net, 1 thread/);
    await sleep(500);
    pressed(calibrate, signal);
    expect(await calibrate.ended).toBe(130);
    expect(await left(calibrate)).toEqual(nothing);
  });

  it.runIf(hasUring)('ends c1m serve, which says what it has served', async () => {
    const server = await serveNull();
    const closed = new Promise((resolve) => server.process.on('close', resolve));
    server.process.kill(signal);
    expect(await closed).toBe(130);
    expect(await server.stop()).toBe(0);
  });
});

describe('two quick Ctrl-C', () => {
  const twice = async (gate: ReturnType<typeof start>): Promise<void> => {
    pressed(gate, 'SIGINT');
    // Of two that are equal, the kernel may deliver one.
    await sleep(20);
    if (gate.process.exitCode === null) pressed(gate, 'SIGTERM');
    // Where the first had ended it all but its last instructions, the second finds no one to heed it.
    expect([130, 'SIGTERM']).toContain(await gate.ended);
  };

  it.each([0, 100, 500, 3_000])(
    'end c1m gate %i ms after it has begun to measure, and leave nothing',
    async (millis) => {
      const { folder, workTrees } = repository();
      const gate = start(['gate', '--base', 'HEAD', '--', folder]);
      await gate.says(/looking for the rate/);
      await sleep(millis);
      await twice(gate);
      expect(workTrees()).toHaveLength(1);
      expect(await left(gate)).toEqual(nothing);
    },
  );

  it('end c1m gate while git checks out, and leave nothing', async () => {
    const { folder, workTrees, checkOutSlowly } = repository();
    checkOutSlowly();
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    await appears(gate.temporary, /^c1m-gate-/);
    await twice(gate);
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  });

  it('end c1m gate while a target is built, and leave nothing, in the cache neither', async () => {
    const { folder, workTrees } = repository("build: [['/bin/sh', '-c', 'sleep 30']]");
    const cache = ownFolder();
    const builds = join(cache, 'builds');
    mkdirSync(builds);
    const gate = start(['gate', '--base', 'HEAD', '--', folder], { env: { C1M_CACHE: cache } });
    await appears(builds, /^c1m-build-/);
    await twice(gate);
    expect(workTrees()).toHaveLength(1);
    expect(readdirSync(builds)).toEqual([]);
    expect(await left(gate)).toEqual(nothing);
  });

  it('end c1m compare, and leave no server', async () => {
    const flags = ['--scenario', scenario(), '--trials', '20', '-o', ownFolder()];
    const more = ['--targets', targetFolder('mine', ''), '--', 'mine'];
    const compare = start(['compare', ...flags, ...more]);
    await compare.says(/trial 1 of 20/);
    await sleep(1_000);
    await twice(compare);
    expect(await left(compare)).toEqual(nothing);
  });
});

describe('a terminal that is closed', () => {
  it('costs c1m run nothing that it measured', async () => {
    const [folder, url] = [ownFolder(), await hello()];
    const run = startOnTerminal(['run', '-d', '1m', '-o', folder, url]);
    await expect.poll(() => run.stdout(), { timeout: 30_000 }).toMatch(/responses|Requests/i);
    run.hangUp();
    expect(await run.ended).toBe(130);
    expect(readResult(folder)).toMatchObject({ kind: 'run' });
    expect(run.stderr()).toBe('');
    expect(await left(run)).toEqual(nothing);
  });

  it('costs c1m gate no pair, and leaves no work tree', async () => {
    const { folder, workTrees } = repository();
    const results = ownFolder();
    const flags = ['--budget', '20m', '-R', '200', '-o', results];
    const files = ['--markdown', join(results, 'gate.md'), '--junit', join(results, 'gate.xml')];
    const words = ['gate', '--base', 'HEAD', ...flags, ...files, '--', folder];
    const gate = startOnTerminal(words);
    await expect.poll(() => gate.stdout(), { timeout: 240_000 }).toContain('pair 2');
    gate.hangUp();
    expect(await gate.ended).toBe(130);
    const name = readdirSync(results).find((file) => file.endsWith('.json'))!;
    const result = gateSchema.parse(JSON.parse(readFileSync(join(results, name), 'utf8')));
    expect(result.complete).toBe(false);
    expect(result.pairs.length).toBeGreaterThan(0);
    expect(existsSync(join(results, 'gate.md'))).toBe(true);
    expect(existsSync(join(results, 'gate.xml'))).toBe(true);
    expect(gate.stderr()).toBe('');
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  }, 300_000);

  it('ends the questions of c1m init, which then writes nothing', async () => {
    const folder = ownFolder();
    writeFileSync(join(folder, 'package.json'), '{"scripts":{"start":"node a.js"}}');
    const init = startOnTerminal(['init', folder]);
    await expect.poll(() => init.stdout(), { timeout: 30_000 }).toContain('What starts');
    init.hangUp();
    expect(await init.ended).toBe(130);
    expect(init.stderr()).toBe('');
    expect(readdirSync(folder)).toEqual(['package.json']);
  });
});
