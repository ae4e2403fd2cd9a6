import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProcessTree } from '../../src/measure/process-tree.js';
import { runBuildStep } from '../../src/targets/build-step.js';
import { spawnGuarded } from '../../src/process/guard.js';
import { launch } from '../../src/targets/launch.js';
import { spawnProgram } from '../../src/targets/target-process.js';
import { c1m } from '../fixtures/c1m.js';
import {
  builtSource,
  eventually,
  nodeTarget,
  processesWith,
  temporaryFolder,
  writeFiles,
} from '../targets/fixtures.js';

/**
 * Becomes a daemon as they all do (fork, setsid, fork), with a name of its own and an empty
 * environment, as nginx leaves it; then serves, if there is a port.
 */
const daemon = (mark: string, parent: string): string => `
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() > 0: os._exit(0)
    serve = '''
import os, socket, sys, time
port = sys.argv[2]
if port:
    s = socket.socket(); s.bind(('127.0.0.1', int(port))); s.listen(50)
    while True:
        c, _ = s.accept(); c.recv(9999)
        c.sendall(b'HTTP/1.1 200 OK\\\\r\\\\nContent-Length: 2\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\nok'); c.close()
time.sleep(60)
'''
    os.execve(sys.executable, [sys.executable, '-c', serve, '${mark}', os.environ.get('PORT', '')], {})
${parent}
`;

const stays = 'time.sleep(60)';
const leaves = 'time.sleep(0.5)';

async function program(parent: string): Promise<{ mark: string; file: string }> {
  const mark = `c1m-daemon-${randomUUID()}`;
  const file = path.join(await temporaryFolder(), 'daemon.py');
  writeFileSync(file, daemon(mark, parent));
  return { mark, file };
}

const lives = async (mark: string): Promise<boolean> => (await processesWith(mark)).length > 0;

describe.skipIf(process.platform !== 'linux')('a process that makes itself a daemon', () => {
  it('is ended with the one that it came from, and is part of what is measured', async () => {
    const { mark, file } = await program(stays);
    const options = { cwd: '/', env: process.env, output: 'pipe' } as const;
    const guarded = await spawnGuarded(['python3', file], options);
    expect(await eventually(() => lives(mark), 20_000)).toBe(true);
    const [pid] = await processesWith(mark);
    const tree = new ProcessTree([guarded.pid]);
    tree.discover();
    expect([...tree.members].map((member) => member.pid)).toContain(pid);
    await guarded.end(100);
    expect(await lives(mark)).toBe(false);
  });

  it('is ended when the one that it came from ends by itself, which says so', async () => {
    const { mark, file } = await program(leaves);
    const options = { cwd: '/', env: process.env, output: 'pipe' } as const;
    const guarded = await spawnGuarded(['python3', file], options);
    expect(await guarded.exited).toEqual({ code: 0, signal: null, leftDaemons: true });
    expect(await lives(mark)).toBe(false);
  });

  it('is gone when c1m is killed with SIGKILL', async () => {
    const { mark, file } = await program(stays);
    const folder = await temporaryFolder();
    const starter = `
      import { spawnGuarded } from '${builtSource}/process/guard.js';
      await spawnGuarded(['python3', ${JSON.stringify(file)}], { cwd: '/', env: process.env, output: 'pipe' });
      console.log('started');
    `;
    await writeFiles(folder, { 'c1m.mjs': starter });
    const killed = spawn(process.execPath, [path.join(folder, 'c1m.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout, 'data');
    expect(await eventually(() => lives(mark), 20_000)).toBe(true);
    killed.kill('SIGKILL');
    expect(await eventually(async () => !(await lives(mark)), 10_000)).toBe(true);
  });

  it('may be the server of a target that stays in the foreground', async () => {
    const { mark, file } = await program(stays);
    const built = await nodeTarget('', { start: ['python3', file] });
    const running = await launch(built);
    expect(await lives(mark)).toBe(true);
    await running.stop();
    expect(await lives(mark)).toBe(false);
  });

  it('is refused as a target that goes into the background, with what helps', async () => {
    const { mark, file } = await program('pass');
    const built = await nodeTarget('', { start: ['python3', file] });
    await expect(launch(built)).rejects.toMatchObject({
      message: expect.stringContaining('into the background') as string,
      remedy: expect.stringContaining('foreground') as string,
    });
    expect(await lives(mark)).toBe(false);
  });

  it('does not outlive a step of a build, nor a program', async () => {
    const step = await program(leaves);
    const folder = await temporaryFolder();
    await runBuildStep({
      name: 'x',
      command: ['python3', step.file],
      cwd: folder,
      env: process.env,
      logFile: path.join(folder, 'log'),
      signal: undefined,
      remedy: '',
    });
    expect(await lives(step.mark)).toBe(false);
    const other = await program(stays);
    const running = await spawnProgram(
      await nodeTarget('', { start: ['python3', other.file], role: 'program' }),
      undefined,
    );
    expect(await eventually(() => lives(other.mark), 20_000)).toBe(true);
    await running.end(0);
    expect(await lives(other.mark)).toBe(false);
  });

  it('does not outlive a gate of two commands, which says what helps', async () => {
    const { mark, file } = await program('pass');
    const command = `python3 ${file}`;
    const words = ['gate', '--base-command', command, '--head-command', command, '--path', '/'];
    const { code, stderr } = await c1m([...words, '--budget', '10s']);
    expect(code).toBe(1);
    expect(stderr).toContain('foreground');
    expect(await lives(mark)).toBe(false);
  });
});
