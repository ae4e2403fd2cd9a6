import { text } from 'node:stream/consumers';
import { spawnGuarded } from '../process/guard.js';

interface GitAnswer {
  readonly ok: boolean;
  /** What it printed, without the last line's end. */
  readonly output: string;
  /** What it complained about. */
  readonly complaint: string;
}

/**
 * Runs git in a folder. Guarded, so that neither it nor a hook of the repository's outlives c1m, and
 * what is typed on the terminal reaches c1m alone. Throws the signal's reason once it is aborted.
 */
export async function git(
  folder: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<GitAnswer> {
  signal.throwIfAborted();
  const command = ['git', '-C', folder, ...words];
  const options = { cwd: process.cwd(), env: process.env, output: 'pipe' } as const;
  const running = await spawnGuarded(command, options);
  const abort = (): void => void running.end(0);
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (isAborted(signal)) abort();
    const [output, complaint, { code }] = await Promise.all([
      text(running.child.stdout!),
      text(running.child.stderr!),
      running.exited,
    ]);
    signal.throwIfAborted();
    return { ok: code === 0, output: output.trim(), complaint: complaint.trim() };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A call, as the compiler would hold on to what it once saw. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
