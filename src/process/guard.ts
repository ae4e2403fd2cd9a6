import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { atExit } from './last-acts.js';
import { guardScript } from './guard-script.js';
import { bearersNow, bearersOf, markVariable, newMark, type Mark } from './mark.js';
import { livingMembers } from './group.js';
import { programFault } from './program-file.js';

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It had left processes behind that had gone out of its group (daemons). They were ended too. */
  leftDaemons?: true;
}

/** For people. */
export function howEnded({ code, signal, leftDaemons }: ProcessExit): string {
  const ending = signal ?? `exit code ${code ?? 'unknown'}`;
  return leftDaemons === true ? `${ending}, having gone into the background` : ending;
}

/** What helps where a server makes itself a daemon. */
export const foregroundRemedy =
  'c1m measures and ends the process that it starts: have it stay in the foreground (nginx: -g "daemon off;").';

/** A process that cannot outlive c1m, and neither can what it starts, be it a daemon. */
export interface GuardedProcess {
  pid: number;
  /** What it and all that it started carry. */
  mark: Mark;
  /** Of `performance.now()`, when the guard had done its part and the program was executed. */
  executedAt: number;
  child: ChildProcess;
  /** Resolves once it is gone, all that it started with it, and its output has arrived. Never rejects. */
  exited: Promise<ProcessExit>;
  /** SIGTERM to all, SIGKILL after the grace; resolves when it is gone. May be called again. */
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

const posix = process.platform !== 'win32';

/** @throws Error where the command is no program, or cannot be started */
export async function spawnGuarded(
  command: readonly string[],
  options: GuardOptions,
): Promise<GuardedProcess> {
  const mark = newMark();
  const [file, ...args] = posix ? await guardCommand(command, mark, options) : command;
  const stdio: StdioOptions = [options.input ?? 'ignore', options.output, options.output];
  const child = spawn(file!, args, {
    cwd: options.cwd,
    // It runs under no guard but its own: that of a c1m around this one ends this one.
    env: { ...options.env, [markVariable]: undefined },
    detached: posix,
    stdio: posix ? [...stdio, 'pipe'] : stdio,
  });
  // The watcher does the same a moment later; whoever looks right after c1m's end finds none already.
  // It is in the group itself, so what has left the group goes first.
  const kill = (): void => killAtOnce(mark, child.pid);
  const callOff = atExit(kill);
  await once(child, 'spawn').catch((error: unknown) => {
    callOff();
    throw error;
  });
  const lifeline = child.stdio[3];
  // It breaks when the group dies first, which is no error.
  lifeline?.on('error', () => undefined);
  const pid = child.pid!;
  const exited = waitForExit(child, pid, mark).finally(() => {
    callOff();
    lifeline?.destroy();
  });
  const executedAt = posix ? await execution(lifeline as Readable, exited) : performance.now();
  return {
    pid,
    mark,
    executedAt,
    child,
    exited,
    end: (graceMs) => end(pid, mark, exited, graceMs),
  };
}

/** Bound to its CPUs before the guard begins, so that nothing but the exec is left at its end. */
async function guardCommand(
  command: readonly string[],
  mark: Mark,
  { cwd, env, cpus }: GuardOptions,
): Promise<string[]> {
  const fault = await programFault(command[0]!, cwd, env);
  if (fault !== null) throw new Error(fault);
  return [...pinCommand(cpus), '/bin/sh', '-c', guardScript, 'c1m-guard', mark, ...command];
}

/** When the guard said that the program is executed, or that the guard was ended before. */
async function execution(lifeline: Readable, exited: Promise<ProcessExit>): Promise<number> {
  await Promise.race([new Promise((resolve) => lifeline.once('data', resolve)), exited]);
  return performance.now();
}

async function waitForExit(child: ChildProcess, pid: number, mark: Mark): Promise<ProcessExit> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // The watcher is still in the group, so its number cannot have been given to another.
  signalGroup(pid, 'SIGKILL');
  const leftDaemons = await killBearers(mark, pid);
  await Promise.race([closed, sleep(500, undefined, { ref: false })]);
  await groupGone(pid);
  return { code, signal, ...(leftDaemons ? { leftDaemons } : {}) };
}

/** More rounds than a process can win that forks as fast as it can. */
const mostRounds = 50;

/**
 * Kills whatever carries the mark, until a look finds none that was not killed before: what has got
 * SIGKILL forks no more.
 * @returns whether there was any outside of the group
 */
async function killBearers(mark: Mark, group: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const killed = new Set<number>();
  let daemons = false;
  for (let round = 0; round < mostRounds; round++) {
    const found = (await bearersOf(mark)).filter(({ pid }) => !killed.has(pid));
    if (found.length === 0) break;
    for (const bearer of found) {
      daemons ||= bearer.group !== group;
      killed.add(bearer.pid);
      signalProcess(bearer.pid, 'SIGKILL');
    }
  }
  return daemons;
}

function killAtOnce(mark: Mark, group: number | undefined): void {
  const killed = new Set<number>();
  for (let round = 0, before = -1; round < mostRounds && before !== killed.size; round++) {
    before = killed.size;
    for (const pid of bearersNow(mark)) {
      signalProcess(pid, 'SIGKILL');
      killed.add(pid);
    }
  }
  signalGroup(group, 'SIGKILL');
}

async function end(
  pid: number,
  mark: Mark,
  exited: Promise<ProcessExit>,
  graceMs: number,
): Promise<ProcessExit> {
  if (graceMs > 0) {
    signalGroup(pid, 'SIGTERM');
    void terminateDaemons(mark, pid);
    const patience = new AbortController();
    const waiting = sleep(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([exited, waiting]);
    patience.abort();
  }
  signalGroup(pid, 'SIGKILL');
  return exited;
}

async function terminateDaemons(mark: Mark, group: number): Promise<void> {
  if (process.platform !== 'linux') return;
  const daemons = (await bearersOf(mark)).filter((bearer) => bearer.group !== group);
  for (const { pid } of daemons) signalProcess(pid, 'SIGTERM');
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalProcess(posix ? -pid : pid, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
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
