import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

import { isDeadState, statFields } from './stat-fields.js';

/**
 * A number that all descendants of a guarded process carry, and nobody else: whatever they do with
 * sessions, groups and parents, such as a server that makes itself a daemon (fork, setsid, fork).
 *
 * It stands in two places. The soft limit of file locks (setrlimit(2), RLIMIT_LOCKS) is inherited
 * by fork and exec, means nothing since Linux 2.4.25, and can be read of any process. Programs that
 * change their title (nginx, PostgreSQL, Redis) write it over their environment, but leave a limit
 * alone. The environment serves where the kernel keeps no such limit (gVisor).
 */
export type Mark = string;

export const markVariable = 'C1M_GUARD';

/** Above what anyone would set as a limit, and within what every shell can read. */
const lowest = 2 ** 40;

export function newMark(): Mark {
  return String(randomInt(lowest, 2 ** 48 - 1));
}

/** The mark that a process has as its limit; null where it has none, or cannot be read. Linux only. */
export function markOf(pid: number): Mark | null {
  try {
    return markIn(readFileSync(`/proc/${pid}/limits`, 'latin1'));
  } catch {
    return null;
  }
}

/** A living process that carries a mark. */
export interface Bearer {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
}

/** All that carry the mark now, but for those that only wait to be reaped. Linux only. */
export async function bearersOf(mark: Mark): Promise<Bearer[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => bearer(pid, mark)));
  return found.filter((each) => each !== null);
}

/** The same at once, for where nothing can be waited for any more; by their limit alone. */
export function bearersNow(mark: Mark): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && markOf(pid) === mark);
}

async function bearer(pid: number, mark: Mark): Promise<Bearer | null> {
  if (pid === process.pid) return null;
  const limits = await readFile(`/proc/${pid}/limits`, 'latin1').catch(() => '');
  if (markIn(limits) !== mark && !(await environmentHolds(pid, mark))) return null;
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (stat === null) return null;
  const [state, , group, session] = statFields(stat);
  return isDeadState(state) ? null : { pid, group: Number(group), session: Number(session) };
}

function markIn(limits: string): Mark | null {
  const soft = /^Max file locks\s+(\d+)\s/m.exec(limits)?.[1];
  return soft !== undefined && Number(soft) >= lowest ? soft : null;
}

async function environmentHolds(pid: number, mark: Mark): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(`${markVariable}=${mark}`);
}
