import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { isGone, ownOwner } from '../process/owner.js';

const ownerSchema = z.object({
  pid: z.number(),
  startTicks: z.string().default('0'),
  host: z.string(),
  token: z.string(),
});
type Owner = z.output<typeof ownerSchema>;

const ownerFile = 'owner.json';
const hopelessMs = 30 * 60_000;

/** Does the work while no other process does work under the same lock. */
export async function withLock<T>(
  lock: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const token = await acquire(lock, signal);
  try {
    return await work();
  } finally {
    await release(lock, token);
  }
}

/**
 * The folder is renamed into place with its owner's name already inside: a bare mkdir would leave
 * a moment in which a lock has no owner and looks abandoned.
 */
async function acquire(lock: string, signal: AbortSignal | undefined): Promise<string> {
  const { pid, startTicks } = ownOwner();
  const owner: Owner = { pid, startTicks, host: hostname(), token: randomUUID() };
  const prepared = aside(lock, owner.token);
  await mkdir(prepared, { recursive: true });
  try {
    await writeFile(path.join(prepared, ownerFile), JSON.stringify(owner));
    for (;;) {
      signal?.throwIfAborted();
      if (await renamed(prepared, lock)) return owner.token;
      if (!(await breakStale(lock))) await sleep(50);
    }
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    throw error;
  }
}

/**
 * It is moved out of its place at once, and only then emptied: another's folder may be renamed over
 * one that is empty, and what is removed after that would be the other's.
 */
async function release(lock: string, token: string): Promise<void> {
  // After half an hour another may have taken it for abandoned.
  if ((await readOwner(lock))?.token !== token) return;
  const gone = aside(lock, token);
  if (await renamed(lock, gone)) await rm(gone, { recursive: true, force: true });
}

/** Where an owner's folder is before it is the lock, and after. */
function aside(lock: string, token: string): string {
  return `${lock}-${token}`;
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(code ?? '')) return false;
    throw error;
  }
}

/**
 * Moves a lock whose owner is dead out of the way, to a name made of that owner's token. The name
 * stays taken, so whoever saw the same dead owner a moment later cannot move its successor's lock.
 */
async function breakStale(lock: string): Promise<boolean> {
  const owner = await readOwner(lock);
  if (owner === null || !(await isStale(lock, owner))) return false;
  return renamed(lock, `${lock}-stale-${owner.token}`).catch(() => false);
}

async function readOwner(lock: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path.join(lock, ownerFile), 'utf8')));
  } catch {
    return null;
  }
}

async function isStale(lock: string, owner: Owner): Promise<boolean> {
  if (owner.host === hostname() && isGone({ ...ownOwner(), ...owner })) return true;
  try {
    return Date.now() - (await stat(lock)).mtimeMs > hopelessMs;
  } catch {
    return false;
  }
}
