import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../../src/subject/start-command.js';
import { buildTarget } from '../../src/targets/build.js';
import { runBuildStep } from '../../src/targets/build-step.js';
import { spawnGuarded } from '../../src/process/guard.js';
import { launch } from '../../src/targets/launch.js';
import { probe } from '../../src/targets/toolchains/search.js';
import { serverProgram, targetOf, temporaryFolder } from '../targets/fixtures.js';

/** What a shell would do with it: it leaves a file in the folder that it runs in. */
const asScript = 'touch was-run\n';
const toolchain = { found: true, runtime: 'none', version: '', commands: {} } as const;

async function damaged(): Promise<{ folder: string; file: string; wasRun: () => boolean }> {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'damaged');
  writeFileSync(file, asScript, { mode: 0o755 });
  return { folder, file, wasRun: () => existsSync(path.join(folder, 'was-run')) };
}

/** A part of a real program, as a full disk leaves it. */
function cut(
  file: string,
  bytes: number,
  change: (image: Buffer) => void = () => undefined,
): string {
  const image = Buffer.from(readFileSync(process.execPath).subarray(0, bytes));
  change(image);
  writeFileSync(file, image, { mode: 0o755 });
  return file;
}

describe.skipIf(process.platform !== 'linux')('a file that is no program', () => {
  it('is handed to a shell by Node and by shells: what c1m must keep from them', async () => {
    const { folder, file, wasRun } = await damaged();
    await once(spawn(file, { cwd: folder, stdio: 'ignore' }), 'exit');
    expect(wasRun()).toBe(true);
  });

  it.each([undefined, [0]])('is not run where it is to be guarded (cpus %j)', async (cpus) => {
    const { folder, file, wasRun } = await damaged();
    const options = { cwd: folder, env: process.env, output: 'pipe', cpus } as const;
    await expect(spawnGuarded([file], options)).rejects.toThrow(
      /neither a program .* nor a script/,
    );
    expect(wasRun()).toBe(false);
  });

  it('is run neither as a step of a build, a toolchain, nor a gate’s command', async () => {
    const { folder, file, wasRun } = await damaged();
    const step = { name: 'x', command: [file], cwd: folder, logFile: path.join(folder, 'log') };
    await expect(
      runBuildStep({ ...step, env: process.env, signal: undefined, remedy: 'r' }),
    ).rejects.toMatchObject({ kind: 'build-failed', remedy: 'r' });
    expect(await probe(file, [], process.env)).toBeNull();
    const { signal } = new AbortController();
    const command = `${file} --port {port}`;
    const how = { kind: 'command', path: '/', where: '--base-command' } as const;
    const subject = { ...how, name: command, command };
    await expect(startCommand(subject, [], signal)).rejects.toThrow(/neither a program/);
    expect(wasRun() || existsSync('was-run')).toBe(false);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['empty', (file) => writeFileSync(file, '', { mode: 0o755 }), /is empty/],
    ['cut off in its header', (file) => cut(file, 40), /cut off/],
    ['cut off after it', (file) => cut(file, 5000), /cut off after 5000 bytes/],
    ['of zeros', (file) => writeFileSync(file, Buffer.alloc(4096), { mode: 0o755 }), /neither/],
    [
      'of another machine',
      (file) => cut(file, 5000, (image) => image.writeUInt16LE(0xf3f3, 18)),
      /another machine/,
    ],
    ['not to be executed', (file) => chmodSync(cut(file, 5000), 0o644), /may not be executed/],
    [
      'a script for what is not there',
      (file) => writeFileSync(file, '#!/no/such/shell\n', { mode: 0o755 }),
      /needs \/no\/such\/shell/,
    ],
  ])('is named as what it is: %s', async (_what, make, reason) => {
    const file = path.join(await temporaryFolder(), 'program');
    make(file);
    const options = { cwd: '/', env: process.env, output: 'pipe' } as const;
    await expect(spawnGuarded([file], options)).rejects.toThrow(reason);
  });

  it('is told from a script and from programs, which run', async () => {
    const script = path.join(await temporaryFolder(), 'script');
    writeFileSync(script, '#!/bin/sh\nexit 5\n', { mode: 0o755 });
    for (const command of [
      [script],
      ['sh', '-c', 'exit 5'],
      [process.execPath, '-e', 'process.exit(5)'],
    ]) {
      const options = { cwd: '/', env: process.env, output: 'pipe' } as const;
      expect(await (await spawnGuarded(command, options)).exited).toEqual({
        code: 5,
        signal: null,
      });
    }
  });
});

describe.skipIf(process.platform !== 'linux')('a build in the cache', () => {
  const files = {
    'server.mjs': `#!${process.execPath}\n${serverProgram}`,
    'data.txt': 'as it was built',
  };
  const manifest = {
    runtime: { name: 'none' },
    build: [
      ['cp', '-r', '{src}/.', '{build}'],
      ['chmod', '+x', '{build}/server.mjs'],
    ],
    start: ['{build}/server.mjs'],
  };

  it.each<[string, (file: string) => void]>([
    ['cut off', (file) => truncateSync(file, 20)],
    ['empty', (file) => truncateSync(file, 0)],
    ['a shell’s script', (file) => writeFileSync(file, asScript)],
    ['no longer to be executed', (file) => chmodSync(file, 0o644)],
  ])('that is %s is not started, and is made again the next time', async (_what, damage) => {
    const cacheFolder = await temporaryFolder();
    const target = await targetOf(manifest, files);
    const built = await buildTarget(target, { toolchain, cacheFolder });
    expect(built.fromCache).toBe(false);
    expect((await buildTarget(target, { toolchain, cacheFolder })).fromCache).toBe(true);
    damage(path.join(built.placeholders['build']!, 'server.mjs'));
    await expect(launch(built)).rejects.toMatchObject({
      kind: 'cannot-start',
      message: expect.stringContaining('server.mjs is not as it was built') as string,
      remedy: expect.stringContaining('delete that folder') as string,
    });
    expect(existsSync(path.join(target.folder, 'was-run'))).toBe(false);
    const again = await buildTarget(target, { toolchain, cacheFolder });
    expect(again.fromCache).toBe(false);
    const running = await launch(again);
    await running.stop();
  });

  it('counts as damaged where another of its files was changed, but not where one was added', async () => {
    const cacheFolder = await temporaryFolder();
    const target = await targetOf(manifest, files);
    const built = await buildTarget(target, { toolchain, cacheFolder });
    const folder = built.placeholders['build']!;
    writeFileSync(path.join(folder, 'server.log'), 'of the server itself');
    expect((await buildTarget(target, { toolchain, cacheFolder })).fromCache).toBe(true);
    writeFileSync(path.join(folder, 'data.txt'), 'something else');
    expect((await buildTarget(target, { toolchain, cacheFolder })).fromCache).toBe(false);
  });
});
