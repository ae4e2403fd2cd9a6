import { open, readFile, type FileHandle } from 'node:fs/promises';

import { spawnGuarded } from '../process/guard.js';
import { reasonOf, TargetError } from './target-error.js';

interface BuildStep {
  /** Whose build it is, for messages. */
  name: string;
  command: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  signal: AbortSignal | undefined;
  remedy: string;
}

const shownLines = 20;

/** Runs one command of a build, its output appended to the log. An abort leaves no process. */
export async function runBuildStep(step: BuildStep): Promise<void> {
  const { name, command, logFile, signal } = step;
  throwIfAborted(name, signal);
  const log = await open(logFile, 'a');
  try {
    await log.write(`$ ${command.join(' ')}\n`);
    const { code, signal: killer } = await runLogged(step, log);
    throwIfAborted(name, signal);
    if (code === 0) return;
    const ending = killer === null ? `exit code ${String(code)}` : killer;
    throw new TargetError(
      'build-failed',
      `${name}: the build failed (${ending}) at: ${command.join(' ')}\n${await lastLines(logFile)}\nWhole log: ${logFile}`,
      step.remedy,
    );
  } finally {
    await log.close();
  }
}

async function runLogged({ name, command, cwd, env, signal, remedy }: BuildStep, log: FileHandle) {
  const running = await spawnGuarded(command, { cwd, env, output: log.fd }).catch(
    (error: unknown) => {
      throw new TargetError(
        'build-failed',
        `${name}: the build failed: ${reasonOf(error)}`,
        remedy,
      );
    },
  );
  const abort = () => void running.end(0);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    // It may have been aborted while the process started, when nobody listened yet.
    if (signal?.aborted === true) abort();
    return await running.exited;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function throwIfAborted(name: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new TargetError('aborted', `${name}: the build was aborted`);
}

async function lastLines(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines
    .slice(-shownLines)
    .map((line) => `  ${line}`)
    .join('\n');
}
