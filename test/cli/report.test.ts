import { execFileSync, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { c1m, root } from '../fixtures/c1m.js';

const watched = join(root, 'test/fixtures/watched');
const folder = mkdtempSync(join(tmpdir(), 'c1m-report-'));

it.each([
  ['--html', '<!doctype html>'],
  ['--markdown', '### 2 targets in a single trial each'],
  ['--csv', 'result,scenario,target'],
  ['--prometheus', '# HELP c1m_valid'],
])('%s writes a file, - standard output, and the same to both', async (flag, beginning) => {
  const file = join(folder, flag);
  const written = await c1m(['report', watched, flag, file]);
  expect(written.code, written.stderr).toBe(0);
  expect(written.stdout).toBe('');
  const printed = await c1m(['report', watched, flag, '-']);
  expect(printed.stdout.startsWith(beginning)).toBe(true);
  expect(printed.stdout === readFileSync(file, 'utf8')).toBe(true);
});

it('a report takes the place of an earlier one, and leaves nothing beside it', async () => {
  const inside = mkdtempSync(join(folder, 'again-'));
  const file = join(inside, 'report.csv');
  writeFileSync(file, 'earlier');
  expect((await c1m(['report', watched, '--csv', file])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^result,/);
  expect(readdirSync(inside)).toEqual(['report.csv']);
});

it('what a link leads to is replaced, not the link', async () => {
  const [link, file] = [join(folder, 'link.csv'), join(folder, 'linked.csv')];
  writeFileSync(file, 'earlier');
  symlinkSync(file, link);
  expect((await c1m(['report', watched, '--csv', link])).code).toBe(0);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toMatch(/^result,/);
});

it.skipIf(process.platform === 'win32')('a pipe is written to, and stays a pipe', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe]);
  let read = '';
  reader.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
  const ended = new Promise((resolve) => reader.on('close', resolve));
  expect((await c1m(['report', watched, '--csv', pipe])).code).toBe(0);
  await ended;
  expect(read).toMatch(/^result,/);
  expect(statSync(pipe).isFIFO()).toBe(true);
});

it('a file that cannot be written is named with its flag and the cause, and the exit code is 1', async () => {
  const { code, stderr } = await c1m(['report', watched, '--html', join(folder, 'none', 'x.html')]);
  expect(code).toBe(1);
  expect(stderr).toContain(`--html: ${join(folder, 'none', 'x.html')} could not be written`);
  expect(stderr).toContain('ENOENT');
});

it.skipIf(process.platform !== 'linux')('a full disk is an error', async () => {
  // Through a link: the device itself is not to be put at risk by a test.
  const full = join(folder, 'full');
  symlinkSync('/dev/full', full);
  const { code, stderr } = await c1m(['report', watched, '--html', full]);
  expect(code).toBe(1);
  expect(stderr).toContain('ENOSPC');
});

it('--hgrm writes a file per phase, and says why there is none', async () => {
  const plots = join(folder, 'plots');
  const { code, stderr } = await c1m(['report', watched, '--hgrm', plots]);
  expect(code, stderr).toBe(0);
  expect(readdirSync(plots).sort()).toEqual([
    'go-bare-1-phase-1.hgrm',
    'node-net-bare-1-phase-1.hgrm',
  ]);
  const without = join(root, 'results/reference-2026-11-24-run');
  const none = await c1m(['report', without, '--hgrm', join(folder, 'empty')]);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('run-2026-11-24T14-48-07-965Z.hlog is missing');
});
