import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { GuardedProcess } from '../process/guard.js';
import { bearersOf, type Bearer } from '../process/mark.js';

/**
 * Whether the socket listening on a port belongs to a guarded process or to what it started, be it
 * a daemon. Another program may have taken the port since it was found free, and answer in the
 * target's place. Null where /proc cannot tell.
 */
export async function listensOn(
  { pid: leader, mark }: Pick<GuardedProcess, 'pid' | 'mark'>,
  port: number,
): Promise<boolean | null> {
  try {
    const inodes = await listeningInodes(port);
    if (inodes.size === 0) return null;
    // The leader is nearly always the one, so the others are looked up only if it is not.
    return (
      (await holds(leader, inodes)) || (await holderAmong(await bearersOf(mark), inodes)) !== null
    );
  } catch {
    return null;
  }
}

/** What puts its server into the background ends so soon after that is there; a busy machine takes its time. */
const leavesWithinMs = 300;
/** Of a server in a session of its own, as a daemon has it: to be sure, since it will hardly stay. */
const daemonLeavesWithinMs = 3_000;

/**
 * Whether the first process of a server that answers leaves it to another, as a daemon's does. Where
 * it does not hold the listening socket itself, it is given the time to.
 */
export async function leavesItsServer(
  { pid, mark, exited }: Pick<GuardedProcess, 'pid' | 'mark' | 'exited'>,
  port: number,
): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const inodes = await listeningInodes(port);
  if (await holds(pid, inodes)) return false;
  const bearers = await bearersOf(mark);
  const holder = await holderAmong(bearers, inodes);
  const first = bearers.find((bearer) => bearer.pid === pid);
  // It answered a moment ago: where nobody listens any more, it was ended with its first process.
  const isDaemon = holder === null || holder.session !== first?.session;
  const patience = new AbortController();
  const waiting = sleep(isDaemon ? daemonLeavesWithinMs : leavesWithinMs, false, {
    signal: patience.signal,
  }).catch(() => false);
  const left = await Promise.race([exited.then(() => true), waiting]);
  patience.abort();
  return left;
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const inodes = tables.flatMap((table) =>
    table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[1]?.endsWith(suffix) === true && columns[3] === listening)
      .map((columns) => columns[9]!),
  );
  return new Set(inodes);
}

async function holderAmong(
  bearers: readonly Bearer[],
  inodes: ReadonlySet<string>,
): Promise<Bearer | null> {
  for (const bearer of bearers) {
    if (await holds(bearer.pid, inodes)) return bearer;
  }
  return null;
}

async function holds(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}
