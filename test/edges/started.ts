import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { root } from '../fixtures/c1m.js';
import { eventually, processesWith } from '../targets/fixtures.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A folder that goes with the test. */
export function ownFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'c1m-edges-')));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server in this process that answers everyone, and tells of it. */
export async function hello(asked?: () => void): Promise<string> {
  const server = http.createServer((_, response) => {
    asked?.();
    response.end('Hello, World!');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** c1m with a folder for temporary files of its own, by which all that it starts is recognised. */
interface Started {
  readonly process: ChildProcess;
  readonly temporary: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when its progress says so. */
  says(pattern: RegExp): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

interface Surroundings {
  /** How a shell starts it: `"$@" | true`; without it, there is no shell. */
  readonly shell?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly temporary?: string;
}

const command = [process.execPath, join(root, 'bin/c1m.js')];

export function start(args: readonly string[], surroundings: Surroundings = {}): Started {
  const { shell, env = {}, temporary = ownFolder() } = surroundings;
  const words = [...command, ...args];
  const [file, ...rest] = shell === undefined ? words : ['bash', '-c', shell, 'bash', ...words];
  const child = spawn(file!, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, as a terminal gives it.
    detached: true,
    env: { ...process.env, NO_COLOR: '1', TMPDIR: temporary, ...env },
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    process: child,
    temporary,
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

const script = fileURLToPath(new URL('../fixtures/pseudo-terminal.py', import.meta.url));

/** c1m on a terminal of its own, whose output is c1m's standard output; `hangUp` closes it. */
export function startOnTerminal(args: readonly string[]): Started & { hangUp(): void } {
  const shell = `exec python3 ${script} 100 30 "$@"`;
  const env = { CI: undefined, C1M_NO_LIVE: undefined, TERM: 'xterm-256color' };
  const started = start(args, { shell, env });
  return { ...started, hangUp: () => void started.process.stdin!.write('hangup\n') };
}

/** As Ctrl-C does, it reaches all of the terminal's foreground group. */
export function pressed({ process: child }: Started, signal: NodeJS.Signals): void {
  process.kill(-child.pid!, signal);
}

/** What a run has left: processes that live, and temporary files. Right after its end. */
export async function left({ temporary }: Started): Promise<unknown> {
  // What got SIGKILL takes a moment to be gone.
  await eventually(async () => (await processesWith(`TMPDIR=${temporary}`)).length === 0, 1_000);
  return { processes: await processesWith(`TMPDIR=${temporary}`), files: readdirSync(temporary) };
}

export const nothing = { processes: [], files: [] };

/** Resolves when a file or folder of that kind is there. */
export async function appears(folder: string, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (readdirSync(folder).some((name) => pattern.test(name))) return;
    await sleep(5);
  }
  throw new Error(`Nothing like ${pattern} in ${folder}`);
}
