import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { withLock } from '../../src/targets/lock.js';
import { temporaryFolder } from './fixtures.js';

async function lockOfDeadProcess(): Promise<string> {
  const dead = spawn('true');
  await once(dead, 'exit');
  const lock = path.join(await temporaryFolder(), 'a.lock');
  await mkdir(lock);
  const owner = { pid: dead.pid, host: hostname(), token: 'of-the-dead' };
  await writeFile(path.join(lock, 'owner.json'), JSON.stringify(owner));
  return lock;
}

describe('withLock', () => {
  it('lets one work at a time, also where the last owner died with the lock', async () => {
    const lock = await lockOfDeadProcess();
    let working = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await sleep(20);
      working--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(lock, undefined, work)));
    expect(most).toBe(1);
    expect(await readdir(path.dirname(lock))).toEqual(['a.lock-stale-of-the-dead']);
  });

  it('is given back whole, however many wait for that moment', async () => {
    const lock = path.join(await temporaryFolder(), 'a.lock');
    let working = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await new Promise(setImmediate);
      working--;
    };
    // What waits 50 ms between its tries meets no such moment: these come anew, again and again.
    const again = async () => {
      for (let round = 0; round < 100; round++) await withLock(lock, undefined, work);
    };
    await Promise.all([again(), again()]);
    expect(most).toBe(1);
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });

  it('gives the lock back when the work fails', async () => {
    const lock = path.join(await temporaryFolder(), 'a.lock');
    const failing = withLock(lock, undefined, () => Promise.reject(new Error('no good')));
    await expect(failing).rejects.toThrow('no good');
    expect(await withLock(lock, undefined, () => Promise.resolve(7))).toBe(7);
  });

  it('stops waiting when it is aborted', async () => {
    const lock = path.join(await temporaryFolder(), 'a.lock');
    await withLock(lock, undefined, async () => {
      const waiting = withLock(lock, AbortSignal.timeout(100), () => Promise.resolve());
      await expect(waiting).rejects.toThrow(/timeout/i);
    });
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });
});
