import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { atExit } from '../process/last-acts.js';
import { livingMembers } from './process-group.js';

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** For people. */
export function howEnded({ code, signal }: ProcessExit): string {
  return signal ?? `exit code ${code ?? 'unknown'}`;
}

/** A process that cannot outlive c1m, and neither can what it starts. */
export interface GuardedProcess {
  pid: number;
  child: ChildProcess;
  /** Resolves once it is gone, its group with it, and its output has arrived. Never rejects. */
  exited: Promise<ProcessExit>;
  /** SIGTERM to the group, SIGKILL after the grace; resolves when it is gone. May be called again. */
  end: (graceMs: number) => Promise<ProcessExit>;
}

export interface GuardOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A pipe that the caller writes; without it, standard input is empty. */
  input?: 'pipe';
  /** Where standard output and error go: a descriptor, or pipes that the caller reads. */
  output: 'pipe' | number;
  cpus?: readonly number[] | undefined;
}

/**
 * No handler runs when c1m is killed with SIGKILL, so the kernel has to tell: c1m alone holds the
 * other end of descriptor 3, which closes with it, whatever ends it. A watcher waits for that and
 * kills the group, itself included.
 *
 * - The process runs in a session and group of its own, which also keeps Ctrl-C from reaching it
 *   before c1m has measured.
 * - The traps are set before the watcher is forked and that before the exec, so there is no moment
 *   at which the process runs unwatched.
 * - The watcher is forked twice: init adopts it, so it is no descendant of the process and its
 *   memory is not counted as the process's. Nor does it hold the process's output open.
 * - After the execs the child's pid is the process's own.
 */
const guardScript = [
  '( trap "" TERM INT HUP QUIT; ( exec </dev/null >/dev/null 2>&1; cd /; read -r _ <&3 || kill -KILL 0 ) & )',
  'exec 3<&-',
  'exec "$@"',
].join('\n');

const posix = process.platform !== 'win32';

export async function spawnGuarded(
  command: readonly string[],
  options: GuardOptions,
): Promise<GuardedProcess> {
  const pinned = [...pinCommand(options.cpus), ...command];
  const [file, ...args] = posix ? ['/bin/sh', '-c', guardScript, 'c1m-guard', ...pinned] : pinned;
  const stdio: StdioOptions = [options.input ?? 'ignore', options.output, options.output];
  const child = spawn(file!, args, {
    cwd: options.cwd,
    env: options.env,
    detached: posix,
    stdio: posix ? [...stdio, 'pipe'] : stdio,
  });
  // The watcher does the same a moment later; whoever looks right after c1m's end finds none already.
  const kill = (): void => signalGroup(child.pid, 'SIGKILL');
  const callOff = atExit(kill);
  await once(child, 'spawn').catch((error: unknown) => {
    callOff();
    throw error;
  });
  const lifeline = child.stdio[3];
  // It breaks when the group dies first, which is no error.
  lifeline?.on('error', () => undefined);
  const pid = child.pid!;
  const exited = waitForExit(child, pid).finally(() => {
    callOff();
    lifeline?.destroy();
  });
  return { pid, child, exited, end: (graceMs) => end(pid, exited, graceMs) };
}

async function waitForExit(child: ChildProcess, pid: number): Promise<ProcessExit> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // The watcher is still in the group, so its number cannot have been given to another.
  signalGroup(pid, 'SIGKILL');
  await Promise.race([closed, sleep(500, undefined, { ref: false })]);
  await groupGone(pid);
  return { code, signal };
}

async function end(
  pid: number,
  exited: Promise<ProcessExit>,
  graceMs: number,
): Promise<ProcessExit> {
  if (graceMs > 0) {
    signalGroup(pid, 'SIGTERM');
    const patience = new AbortController();
    const waiting = sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([exited, waiting]);
    patience.abort();
  }
  signalGroup(pid, 'SIGKILL');
  return exited;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(posix ? -pid : pid, signal);
  } catch {
    // Gone already.
  }
}

/**
 * What got SIGKILL is gone in moments. The watcher is init's to reap, which may take its time or,
 * in a container, never happen: so on Linux the dead are told from the living, elsewhere the wait
 * is bounded.
 */
async function groupGone(pid: number): Promise<void> {
  if (!posix) return;
  const deadline = performance.now() + 250;
  while (performance.now() < deadline) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    if (process.platform === 'linux' && (await livingMembers(pid)).length === 0) return;
    await sleep(2);
  }
}

/** Whether processes can be bound to CPUs here. */
export function canPin(): boolean {
  return tasksetPath() !== undefined;
}

function pinCommand(cpus: readonly number[] | undefined): string[] {
  const taskset = tasksetPath();
  if (cpus === undefined || cpus.length === 0 || taskset === undefined) return [];
  return [taskset, '-c', cpus.join(',')];
}

function tasksetPath(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return [...folders, '/usr/bin', '/bin']
    .map((folder) => path.join(folder, 'taskset'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
