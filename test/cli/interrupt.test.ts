import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from '../fixtures/c1m.js';
import { serveNull } from '../fixtures/null-server.js';
import { hasUring } from '../fixtures/uring.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

interface Running {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the progress says so. */
  says(pattern: RegExp): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** A load of 5,000 connections by the engine uring, with its progress. */
function start(url: string, ...args: string[]): Running {
  const words = ['run', '--engine', 'uring', '-c', '5000', '-t', '2', ...args, url];
  const child = spawn(process.execPath, [join(root, 'bin/c1m.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    says: async (pattern) => {
      while (!pattern.test(stderr)) {
        await Promise.race([once(child.stderr, 'data'), ended]);
        if (child.exitCode !== null) throw new Error(`It ended, having said:\n${stderr}`);
      }
    },
  };
}

describe.runIf(hasUring)('c1m run with 5,000 connections, at Ctrl-C', () => {
  it('while they are opened, says that nothing was measured, and exits with 130', async () => {
    const server = await serveNull();
    cleanUps.push(() => server.stop());
    // Ten seconds of opening.
    const run = start(server.url, '--connect-rate', '500', '-d', '1m');
    await run.says(/opening [\d,.k]+\/5/);
    run.process.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(run.stderr()).toContain('Interrupted before anything was measured');
    expect(run.stdout()).toBe('');
    expect(existsSync(`/proc/${run.process.pid}`)).toBe(false);
  });

  it('under load, prints the result, and exits with 130', async () => {
    const server = await serveNull();
    cleanUps.push(() => server.stop());
    const run = start(server.url, '-d', '1m');
    await run.says(/ responses/);
    run.process.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(run.stdout()).toContain('Requests/s');
    expect(existsSync(`/proc/${run.process.pid}`)).toBe(false);
  });

  it('and again, leaves at once', async () => {
    const server = await serveNull();
    cleanUps.push(() => server.stop());
    const run = start(server.url, '-d', '1m');
    await run.says(/ responses/);
    // Of two that are equal, the kernel may deliver one.
    run.process.kill('SIGINT');
    run.process.kill('SIGTERM');
    expect(await run.ended).toBe(130);
    expect(existsSync(`/proc/${run.process.pid}`)).toBe(false);
  });
});
