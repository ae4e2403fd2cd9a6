import { readdir, readFile, readlink } from 'node:fs/promises';

import type { GuardedProcess } from './guard.js';
import { bearersOf } from './mark.js';

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
    if (await holdsAny(leader, inodes)) return true;
    for (const { pid } of await bearersOf(mark)) {
      if (await holdsAny(pid, inodes)) return true;
    }
    return false;
  } catch {
    return null;
  }
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

async function holdsAny(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(
    names.map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}
