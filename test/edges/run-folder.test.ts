import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerTag, ownOwner, type Owner } from '../../src/process/owner.js';
import { RunFolder, sweepRunFolders } from '../../src/process/run-folder.js';
import { writeWhole } from '../../src/process/whole-file.js';
import { repository } from './repository.js';
import { appears, left, nothing, ownFolder, start } from './started.js';

async function deadPid(): Promise<number> {
  const dead = spawn('true');
  await once(dead, 'exit');
  return dead.pid!;
}

/** A folder as a run leaves it. */
function folderOf(parent: string, owner: Partial<Owner>): string {
  const name = `c1m-gate-${ownerTag({ ...ownOwner(), ...owner })}-abcDEF`;
  mkdirSync(join(parent, name, 'tree'), { recursive: true });
  return name;
}

describe('a run’s temporary folders', () => {
  it('are swept once their owner is dead', async () => {
    const parent = ownFolder();
    folderOf(parent, { pid: await deadPid() });
    sweepRunFolders(parent);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('are swept where another process has been given the owner’s number', () => {
    const parent = ownFolder();
    folderOf(parent, { startTicks: '1' });
    sweepRunFolders(parent);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('are swept where the owner is dead, and only waits to be reaped', async () => {
    const parent = ownFolder();
    // The shell becomes a program that never asks after its child.
    const script = 'true & echo $!; exec sleep 30';
    const careless = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(careless.stdout, 'data')) as [Buffer];
    folderOf(parent, { pid: Number(line.toString()), startTicks: '0' });
    try {
      await expect
        .poll(() => (sweepRunFolders(parent), readdirSync(parent)), { timeout: 5_000 })
        .toEqual([]);
    } finally {
      careless.kill('SIGKILL');
    }
  });

  it('stay while their owner lives', () => {
    const parent = ownFolder();
    const own = new RunFolder('gate', parent);
    sweepRunFolders(parent);
    expect(readdirSync(parent)).toHaveLength(1);
    own.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('stay where the owner’s number is one of another container’s', async () => {
    const parent = ownFolder();
    const name = folderOf(parent, { pid: await deadPid(), pidNamespace: '1' });
    sweepRunFolders(parent);
    expect(readdirSync(parent)).toEqual([name]);
  });

  it('stay where they are no folder of this user’s, or do not bear the whole name', async () => {
    const parent = ownFolder();
    const pid = await deadPid();
    const dead = `c1m-gate-${ownerTag({ ...ownOwner(), pid })}`;
    const elsewhere = ownFolder();
    writeFileSync(join(elsewhere, 'precious'), '');
    symlinkSync(elsewhere, join(parent, `${dead}-abcde1`));
    writeFileSync(join(parent, `${dead}-abcde2`), '');
    for (const name of [dead, `${dead}-abcdef.bak`, `x${dead}-abcdef`, 'c1m-gate-abcdef']) {
      mkdirSync(join(parent, name));
    }
    if (process.getuid?.() === 0) {
      mkdirSync(join(parent, `${dead}-abcde3`));
      chownSync(join(parent, `${dead}-abcde3`), 65_534, 65_534);
    }
    const before = readdirSync(parent);
    sweepRunFolders(parent);
    expect(readdirSync(parent)).toEqual(before);
    expect(readdirSync(elsewhere)).toEqual(['precious']);
  });
});

describe('what a killed writer left beside a file', () => {
  const leave = (folder: string, owner: Partial<Owner>): void => {
    const tag = ownerTag({ ...ownOwner(), ...owner });
    writeFileSync(join(folder, `result.json.${tag}.partial`), 'half');
  };

  it('goes with the next file that is written there', async () => {
    const folder = ownFolder();
    leave(folder, { pid: await deadPid() });
    writeWhole(join(folder, 'another.json'), 'whole');
    expect(readdirSync(folder)).toEqual(['another.json']);
  });

  it('stays where its writer lives, or is one of another container’s', async () => {
    const folder = ownFolder();
    leave(folder, { pid: process.ppid, startTicks: '0' });
    leave(folder, { pid: await deadPid(), pidNamespace: '1' });
    writeFileSync(join(folder, 'mine.partial'), 'a user’s');
    const before = readdirSync(folder);
    writeWhole(join(folder, 'another.json'), 'whole');
    expect(readdirSync(folder)).toEqual(['another.json', ...before]);
  });
});

describe('c1m gate, killed with SIGKILL', () => {
  it('while it measures, leaves a work tree that the next run of any command removes', async () => {
    const { folder, workTrees } = repository();
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    await gate.says(/looking for the rate/);
    // Another run leaves what belongs to one that lives.
    const { temporary } = gate;
    expect(await start(['scenarios', 'list'], { temporary }).ended).toBe(0);
    expect(workTrees()).toHaveLength(2);
    gate.process.kill('SIGKILL');
    await gate.ended;
    expect(workTrees()).toHaveLength(2);
    expect(await start(['scenarios', 'list'], { temporary }).ended).toBe(0);
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  }, 120_000);

  it('while git checks out, leaves no hook running, and nothing after the next run', async () => {
    const { folder, workTrees, checkOutSlowly } = repository();
    checkOutSlowly();
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    const { temporary } = gate;
    await appears(temporary, /^c1m-gate-/);
    await expect.poll(() => workTrees().length, { timeout: 20_000 }).toBe(2);
    gate.process.kill('SIGKILL');
    await gate.ended;
    expect(await left(gate)).toMatchObject({ processes: [] });
    expect(await start(['scenarios', 'list'], { temporary }).ended).toBe(0);
    expect(workTrees()).toHaveLength(1);
    expect(await left(gate)).toEqual(nothing);
  }, 120_000);

  it('does not cost the user a work tree whose folder is away', async () => {
    const { folder, workTrees, git } = repository();
    const away = join(ownFolder(), 'away');
    git('worktree', 'add', '-q', '--detach', away);
    const gate = start(['gate', '--base', 'HEAD', '--', folder]);
    await gate.says(/looking for the rate/);
    // As where a disk is not mounted.
    renameSync(away, `${away}-unmounted`);
    gate.process.kill('SIGINT');
    expect(await gate.ended).toBe(130);
    expect(workTrees()).toHaveLength(2);
    renameSync(`${away}-unmounted`, away);
    expect(git('-C', away, 'rev-parse', 'HEAD')).toMatch(/^[0-9a-f]{40}$/);
  }, 120_000);
});
