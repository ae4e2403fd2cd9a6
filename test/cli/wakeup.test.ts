import { Ajv2020 } from 'ajv/dist/2020.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WakeupResult } from '../../src/results/wakeup.js';
import { c1m, root } from '../fixtures/c1m.js';
import { eventually, processesWith, temporaryFolder, writeFiles } from '../targets/fixtures.js';

const short = ['--trials', '1', '--tasks', '1k,2k,4k'];
const folder = (): string => mkdtempSync(join(tmpdir(), 'c1m-wakeup-'));

/** A folder of programs: each name with what it does at each command. */
async function programs(bodies: Readonly<Record<string, string>>): Promise<string> {
  const place = await temporaryFolder();
  for (const [name, body] of Object.entries(bodies)) {
    await writeFiles(join(place, name), {
      'target.yaml': `name: ${name}\ndescription: a test\nrole: program\nruntime: {name: node}\nstart: ['{node}', '{src}/program.mjs']\n`,
      'program.mjs': `import { createInterface } from 'node:readline';
        for await (const line of createInterface({ input: process.stdin })) { ${body} }`,
    });
  }
  return place;
}

describe('c1m wakeup', () => {
  it('measures a program, keeps a valid result, and prints it again as c1m report', async () => {
    const kept = folder();
    const { code, stdout, stderr } = await c1m(['wakeup', 'node', ...short, '--json', '-o', kept]);
    expect(code, stderr).toBe(0);
    const schema = JSON.parse(
      readFileSync(join(root, 'schema/wakeup.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const result = JSON.parse(stdout) as WakeupResult;
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(readdirSync(kept)).toEqual([`${result.id}.json`]);
    expect(JSON.parse(readFileSync(join(kept, `${result.id}.json`), 'utf8'))).toEqual(result);

    const [program] = result.programs;
    const { pingPong, wakeAll, timer } = program!.trials[0]!;
    expect(pingPong.batches).toHaveLength(result.settings.batches);
    expect(wakeAll.delayNs.count).toBe(result.settings.batches * result.settings.wakeTasks);
    expect(timer.latenessNs.count).toBe(result.settings.batches * result.settings.timersPerBatch);

    const reported = await c1m(['report', kept]);
    expect(reported.code).toBe(0);
    expect(reported.stdout).toMatch(/ping-pong/);
    expect(reported.stdout).toMatch(/wakeup-node .*\d ns/);
    expect(reported.stdout).toContain('not the scheduling delay of a server');
  });

  it('measures the rest where a program fails, says why, and exits with 1', async () => {
    const place = await programs({ broken: `console.error('no such luck'); process.exit(3);` });
    const args = ['broken', 'wakeup-node', '--targets', place, ...short, '--json', '-o', folder()];
    const { code, stdout, stderr } = await c1m(['wakeup', ...args]);
    expect(code).toBe(1);
    const result = JSON.parse(stdout) as WakeupResult;
    expect(result.failures.map(({ name, trial }) => [name, trial])).toEqual([
      ['broken', 0],
      ['broken', null],
    ]);
    expect(result.failures[0]!.reason).toContain('no such luck');
    expect(stderr).toContain('broken failed: broken ended with exit code 3');
    const trials = result.programs.map(({ name, trials: { length } }) => [name, length]);
    expect(trials).toEqual([
      ['broken', 0],
      ['wakeup-node', 1],
    ]);
  });

  it('at Ctrl-C reports what was measured, leaves no program behind, and exits with 130', async () => {
    const kept = folder();
    const place = await programs({ hanging: '' });
    const args = ['wakeup', 'wakeup-node', 'hanging', '--targets', place, '-o', kept];
    const child = spawn(process.execPath, [join(root, 'bin/c1m.js'), ...args]);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const hangs = () => Promise.resolve(stderr.includes('trial 1 of 3: hanging'));
    expect(await eventually(hangs, 50_000), stderr).toBe(true);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
    expect(stderr).not.toContain('failed');
    expect(stdout).toMatch(/wakeup-node .*\d ns/);
    const [file] = readdirSync(kept);
    const result = JSON.parse(readFileSync(join(kept, file!), 'utf8')) as WakeupResult;
    expect(result.programs.map(({ trials }) => trials.length)).toEqual([1, 0]);
    const gone = async () => (await processesWith(place)).length === 0;
    expect(await eventually(gone, 5_000)).toBe(true);
  });

  it('names every flag that is wrong, and exits with 2', async () => {
    const wrong = await c1m(['wakeup', '--trials', 'some', '--tasks', '1k,many']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/--trials.*"some" is not a count/);
    expect(wrong.stderr).toMatch(/--tasks.*"many" is not a count/);
    const cpus = await c1m(['wakeup', '--cpus', '9999']);
    expect(cpus.code).toBe(2);
    expect(cpus.stderr).toMatch(/--cpus.*CPU 9999 cannot be used/);
  });

  it('takes no server for a program, nor run and compare a program for a server', async () => {
    for (const [args, what] of [
      [['wakeup', 'node-http'], 'node-http: is a server, not a program'],
      [['run', 'wakeup-node'], 'wakeup-node: is a program, not a server'],
      [['compare', 'wakeup-node'], 'wakeup-node: is a program, not a server'],
      [['targets', 'check', 'wakeup-node'], 'wakeup-node: is a program, not a server'],
    ] as const) {
      const { code, stderr } = await c1m([...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(what);
    }
  });
});
