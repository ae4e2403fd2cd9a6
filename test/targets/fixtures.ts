import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';

import type { BuiltTarget } from '../../src/targets/build.js';
import type { Target } from '../../src/targets/catalog.js';
import { manifestSchema } from '../../src/targets/manifest.js';

const folders: string[] = [];

afterEach(async () => {
  await Promise.all(
    folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })),
  );
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'c1m-test-'));
  folders.push(folder);
  return folder;
}

/** Writes files below a folder, with the folders they need. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  mode = 0o644,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content, { mode });
  }
}

export async function targetOf(
  manifest: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Target> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const defaults = { name: 'fixture', description: 'for a test', runtime: { name: 'node' } };
  return { folder, manifest: manifestSchema.parse({ ...defaults, ...manifest }) };
}

/** A target in Node whose only file is this program. */
export async function nodeTarget(
  program: string,
  manifest: Readonly<Record<string, unknown>> = {},
): Promise<BuiltTarget> {
  const target = await targetOf(
    { start: ['{node}', '{src}/server.mjs'], ...manifest },
    { 'server.mjs': program },
  );
  return {
    target,
    toolchain: { found: true, runtime: 'node', version: '20', commands: {} },
    placeholders: { src: target.folder, node: process.execPath },
    artifactBytes: 0,
    fromCache: true,
    damage: null,
  };
}

export const serverProgram = `
  import { createServer } from 'node:http';
  createServer((request, response) => response.end('ok'))
    .listen(Number(process.env.PORT), process.env.HOST);
`;

/** src as JavaScript that a process can import. */
export const builtSource = path.join(import.meta.dirname, '../../dist');

/** Whether a process is there and not merely waiting to be reaped. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')));
}

/** The processes whose command line or environment holds a text. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    if (pid === process.pid) continue;
    const parts = await Promise.all(
      ['cmdline', 'environ'].map((name) =>
        readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
      ),
    );
    if (parts.join('\0').includes(text) && (await isRunning(pid))) found.push(pid);
  }
  return found;
}

export async function eventually(
  condition: () => Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await sleep(10);
  }
  return condition();
}
