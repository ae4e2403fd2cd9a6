import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { spawnGuarded } from '../../src/process/guard.js';
import {
  builtSource,
  eventually,
  isRunning,
  nodeTarget,
  processesWith,
  temporaryFolder,
  writeFiles,
} from '../targets/fixtures.js';

/** Every process of a test carries its mark, so that none can hide. */
function marked(): { mark: string; env: NodeJS.ProcessEnv } {
  const mark = `c1m-mark-${randomUUID()}`;
  return { mark, env: { ...process.env, C1M_TEST_MARK: mark } };
}

/** A target that ignores what it can and has a child which does so too. */
const stubborn = `
  import { spawn } from 'node:child_process';
  import { createServer } from 'node:http';
  process.on('SIGTERM', () => {});
  process.on('SIGHUP', () => {});
  const child = spawn('/bin/sh', ['-c', 'trap "" TERM HUP; while :; do sleep 1; done']);
  createServer((request, response) => response.end(String(child.pid)))
    .listen(Number(process.env.PORT), process.env.HOST);
`;

async function startC1m(env: NodeJS.ProcessEnv, more = ''): Promise<ChildProcess> {
  const built = await nodeTarget(stubborn);
  const folder = await temporaryFolder();
  const program = `
    import { spawn } from 'node:child_process';
    import { launch } from '${builtSource}/targets/launch.js';
    const starting = launch(${JSON.stringify(built)}, { cpus: [0] });
    console.log('starting');
    const running = await starting;
    const grandchild = Number(await (await fetch(running.urls[0])).text());
    let other;
    ${more}
    console.log(JSON.stringify({ target: running.pids[0], grandchild, other }));
  `;
  await writeFiles(folder, { 'c1m.mjs': program });
  return spawn(process.execPath, [path.join(folder, 'c1m.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function printed(c1m: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of c1m.stdout!) {
    text += String(chunk);
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  throw new Error(`c1m printed only: ${text}`);
}

interface Pids {
  target: number;
  grandchild: number;
  other: number;
}

describe.skipIf(process.platform !== 'linux')('a guarded process', () => {
  it('is gone within 1 s when c1m is killed with SIGKILL, and so is what it started', async () => {
    const { mark, env } = marked();
    const c1m = await startC1m(env);
    const { target, grandchild } = JSON.parse(await printed(c1m, /\{.*\}/)) as Pids;
    expect(await isRunning(target)).toBe(true);
    expect(await isRunning(grandchild)).toBe(true);
    c1m.kill('SIGKILL');
    expect(await eventually(async () => !(await isRunning(target)), 1000)).toBe(true);
    expect(await eventually(async () => (await processesWith(mark)).length === 0, 1000)).toBe(true);
  });

  it('is gone although another child of c1m lives on: it does not hold the lifeline', async () => {
    const { mark, env } = marked();
    const c1m = await startC1m(
      env,
      `const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
       other = child.pid;`,
    );
    const { target, other } = JSON.parse(await printed(c1m, /\{.*\}/)) as Pids;
    c1m.kill('SIGKILL');
    expect(await eventually(async () => !(await isRunning(target)), 1000)).toBe(true);
    expect(await isRunning(other)).toBe(true);
    process.kill(other, 'SIGKILL');
    expect(await eventually(async () => (await processesWith(mark)).length === 0, 1000)).toBe(true);
  });

  it('never stays behind, at whatever moment of its start c1m is killed', async () => {
    for (const delayMs of [0, 1, 2, 3, 5, 8, 12, 20, 40, 80]) {
      const { mark, env } = marked();
      const c1m = await startC1m(env);
      await printed(c1m, /starting/);
      await sleep(delayMs);
      c1m.kill('SIGKILL');
      await once(c1m, 'exit');
      const gone = await eventually(async () => (await processesWith(mark)).length === 0, 1000);
      expect(gone, `killed ${delayMs} ms after the start`).toBe(true);
    }
  });

  it('has the pid that its starter sees, and its watcher is no descendant of it', async () => {
    const { mark, env } = marked();
    const guarded = await spawnGuarded(
      [process.execPath, '-e', 'console.log(process.pid); setInterval(() => {}, 1000)'],
      { cwd: '/', env, output: 'pipe', cpus: [0] },
    );
    const [chunk] = (await once(guarded.child.stdout!, 'data')) as [Buffer];
    expect(Number(String(chunk))).toBe(guarded.pid);
    const watchers = (await processesWith(mark)).filter((pid) => pid !== guarded.pid);
    expect(watchers).toHaveLength(1);
    const stat = await readFile(`/proc/${watchers[0]!}/stat`, 'utf8');
    const [, parent, group] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    expect(parent).not.toBe(guarded.pid);
    expect(parent).not.toBe(process.pid);
    expect(group).toBe(guarded.pid);
    await guarded.end(1000);
    expect(await processesWith(mark)).toEqual([]);
  });

  it('takes its group along when it ends by itself', async () => {
    const { mark, env } = marked();
    const guarded = await spawnGuarded(['/bin/sh', '-c', 'sleep 100 & exit 7'], {
      cwd: '/',
      env,
      output: 'pipe',
    });
    expect(await guarded.exited).toEqual({ code: 7, signal: null });
    expect(await processesWith(mark)).toEqual([]);
  });

  it('is bound to the CPUs that it is given', async () => {
    const guarded = await spawnGuarded(['grep', 'Cpus_allowed_list', '/proc/self/status'], {
      cwd: '/',
      env: process.env,
      output: 'pipe',
      cpus: [0],
    });
    const [chunk] = (await once(guarded.child.stdout!, 'data')) as [Buffer];
    expect(String(chunk).trim()).toMatch(/\s0$/);
    await guarded.exited;
  });
});
