import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { ownerTag, ownOwner } from '../../src/process/owner.js';
import { buildTarget, type BuildProgress } from '../../src/targets/build.js';
import { cacheFolder } from '../../src/process/cache.js';
import { Toolchains, type Toolchain } from '../../src/targets/toolchain.js';
import { processesWith, targetOf, temporaryFolder } from './fixtures.js';

const toolchain: Toolchain = {
  found: true,
  runtime: 'node',
  version: '20',
  commands: { node: process.execPath },
};

/** Says how often it was built: each build writes its own time. */
const build = [
  [
    '/bin/sh',
    '-c',
    'cat "$1/source.txt" > "$2/built" && date +%N >> "$2/built"',
    'sh',
    '{src}',
    '{build}',
  ],
];
const start = ['cat', '{build}/built'];

async function buildable(manifest: Readonly<Record<string, unknown>> = {}) {
  const target = await targetOf(
    { start, build, artifact: '{build}/built', ...manifest },
    { 'source.txt': 'hello' },
  );
  return { target, cacheFolder: await temporaryFolder() };
}

describe('buildTarget', () => {
  it('builds once and finds the build the next time', async () => {
    const { target, cacheFolder } = await buildable();
    const seen: BuildProgress[] = [];
    const options = {
      toolchain,
      cacheFolder,
      onProgress: (each: BuildProgress) => seen.push(each),
    };
    const first = await buildTarget(target, options);
    const second = await buildTarget(target, options);
    expect([first.fromCache, second.fromCache]).toEqual([false, true]);
    expect(second.placeholders).toEqual(first.placeholders);
    const content = await readFile(path.join(first.placeholders['build']!, 'built'));
    expect(content.toString()).toMatch(/^hello\d+\n$/);
    expect(first.artifactBytes).toBe(content.length);
    expect(seen.map(({ step }) => step)).toEqual(['building', 'done', 'done']);
  });

  it('builds again when a source, a command or the toolchain changes', async () => {
    const { target, cacheFolder } = await buildable();
    const folders = new Set<string>();
    const note = async (changed = target, changedToolchain = toolchain) => {
      const built = await buildTarget(changed, { toolchain: changedToolchain, cacheFolder });
      folders.add(built.placeholders['build']!);
    };
    await note();
    await writeFile(path.join(target.folder, 'source.txt'), 'other');
    await note();
    await writeFile(path.join(target.folder, 'new.txt'), '');
    await note();
    await note({
      ...target,
      manifest: { ...target.manifest, build: [...target.manifest.build, ['true']] },
    });
    await note(target, { ...toolchain, version: '21' });
    expect(folders.size).toBe(5);
  });

  it('tells the tools of a Java project which JDK was found', async () => {
    const { target, cacheFolder } = await buildable({
      build: [['/bin/sh', '-c', 'printf %s "$JAVA_HOME" > "$0/built"', '{build}']],
    });
    const jdk: Toolchain = {
      found: true,
      runtime: 'java',
      version: '25',
      commands: { java: '/opt/jdk-25/bin/java', javac: '/opt/jdk-25/bin/javac' },
    };
    const { placeholders } = await buildTarget(target, { toolchain: jdk, cacheFolder });
    const home = await readFile(path.join(placeholders['build']!, 'built'), 'utf8');
    expect(home).toBe('/opt/jdk-25');
  });

  it('needs no write access to the sources', async () => {
    const { target, cacheFolder } = await buildable();
    await chmod(target.folder, 0o555);
    const before = await readdir(target.folder);
    await buildTarget(target, { toolchain, cacheFolder });
    expect(await readdir(target.folder)).toEqual(before);
    await chmod(target.folder, 0o755);
  });

  it('lets two builds of one target run at a time and keeps one', async () => {
    const { target, cacheFolder } = await buildable();
    const both = await Promise.all(
      [1, 2].map(() => buildTarget(target, { toolchain, cacheFolder })),
    );
    expect(both[0]!.placeholders['build']).toBe(both[1]!.placeholders['build']);
    expect(await readdir(path.join(cacheFolder, 'builds'))).toHaveLength(1);
  });

  it('shows the end of the log of a failed build and where the whole log is, and keeps no build', async () => {
    const script =
      'for i in $(seq 100); do echo line $i; done; echo no good >&2; touch $0/half; exit 3';
    const { target, cacheFolder } = await buildable({
      build: [['/bin/sh', '-c', script, '{build}']],
    });
    const building = buildTarget(target, { toolchain, cacheFolder });
    const error = await building.catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ kind: 'build-failed' });
    const message = (error as Error).message;
    expect(message).toMatch(/fixture: the build failed \(exit code 3\) at: \/bin\/sh/);
    expect(message).toMatch(/ {2}line 100\n {2}no good\nWhole log: /);
    expect(message).not.toContain('line 50\n');
    const log = /Whole log: (.*)/.exec(message)![1]!;
    expect(await readFile(log, 'utf8')).toContain('line 1\n');
    expect(await readdir(path.join(cacheFolder, 'builds'))).toEqual([]);
  });

  it('says which artifact the build did not make', async () => {
    const { target, cacheFolder } = await buildable({ artifact: '{build}/other' });
    const building = buildTarget(target, { toolchain, cacheFolder });
    await expect(building).rejects.toThrow(/its artifact .*\/other does not exist after the build/);
  });

  it('is aborted by a signal and leaves no process and no half build', async () => {
    const mark = `c1m-abort-${process.pid}`;
    const script = `touch "$1/half"; (trap '' TERM; sleep 60) & sleep 60; : ${mark}`;
    const { target, cacheFolder } = await buildable({
      build: [['/bin/sh', '-c', script, mark, '{build}']],
    });
    const controller = new AbortController();
    const building = buildTarget(target, { toolchain, cacheFolder, signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    await expect(building).rejects.toMatchObject({ kind: 'aborted' });
    expect(await processesWith(mark)).toEqual([]);
    expect(await readdir(path.join(cacheFolder, 'builds'))).toEqual([]);
  });

  it('removes what a killed build left behind', async () => {
    const { target, cacheFolder } = await buildable();
    const dead = spawn('true');
    await once(dead, 'exit');
    const folderOf = (pid: number): string =>
      path.join(cacheFolder, 'builds', `c1m-build-${ownerTag({ ...ownOwner(), pid })}-abcdef`);
    const [leftover, underWay] = [folderOf(dead.pid!), folderOf(process.pid)];
    await mkdir(leftover, { recursive: true });
    await mkdir(underWay);
    await buildTarget(target, { toolchain, cacheFolder });
    const names = await readdir(path.join(cacheFolder, 'builds'));
    expect(names).not.toContain(path.basename(leftover));
    expect(names).toContain(path.basename(underWay));
  });
});

describe('a Python environment', () => {
  it('is made once for targets with equal requirements, also by builds at the same time', async (context) => {
    const python = await new Toolchains().find({ name: 'python', minVersion: '3.10' });
    if (!python.found) return context.skip(python.reason);
    const cacheFolder = await temporaryFolder();
    const targets = await Promise.all(
      ['one', 'two'].map((name) =>
        targetOf(
          {
            name,
            runtime: { name: 'python' },
            requirements: 'requirements.txt',
            start: ['{python}', '-c', 'pass'],
          },
          { 'requirements.txt': '# nothing\n' },
        ),
      ),
    );
    const seen: string[] = [];
    const builds = await Promise.all(
      targets.map((target) =>
        buildTarget(target, {
          toolchain: python,
          cacheFolder,
          onProgress: ({ step }) => seen.push(step),
        }),
      ),
    );
    expect(builds[0]!.placeholders['venv']).toBe(builds[1]!.placeholders['venv']);
    expect(builds[0]!.placeholders['python']).toContain(cacheFolder);
    expect(seen.filter((step) => step === 'installing')).toHaveLength(1);
    const again = await buildTarget(targets[0]!, { toolchain: python, cacheFolder });
    expect(again.fromCache).toBe(true);
    const names = await readdir(path.join(cacheFolder, 'environments'));
    expect(names).toHaveLength(1);
  });
});

describe('the cache folder', () => {
  const place = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}) =>
    cacheFolder({ platform, env, home: '/home/me' });

  it('is where the platform keeps caches, or where C1M_CACHE says', () => {
    expect(place('linux')).toBe('/home/me/.cache/c1m');
    expect(place('linux', { XDG_CACHE_HOME: '/cache' })).toBe('/cache/c1m');
    expect(place('linux', { XDG_CACHE_HOME: 'relative' })).toBe('/home/me/.cache/c1m');
    expect(place('darwin')).toBe('/home/me/Library/Caches/c1m');
    expect(place('win32', { LOCALAPPDATA: '/local' })).toBe('/local/c1m');
    expect(place('darwin', { C1M_CACHE: '/mine' })).toBe('/mine');
  });
});
