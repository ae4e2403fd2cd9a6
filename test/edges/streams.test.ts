import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../dist/store/reader.js';
import { root } from '../fixtures/c1m.js';
import { hello, left, nothing, ownFolder, start } from './started.js';

const stored = join(root, 'results/reference-2026-11-24-run');
/** So little that a busy machine can do it; it is tried again where it could not all the same. */
const short = ['run', '-d', '500ms', '-R', '100', '-c', '2'];
const busy = { retry: 3 };
const broken = ['--fail-if', 'p50<=1us'];
const kept = ['--fail-if', 'p50<=10s'];
/** Of the first command of a pipe. */
const codeOfFirst = '; exit ${PIPESTATUS[0]}';
const oneLine = /^Standard (output|error) could not be written: [^\n]*\n$/;

describe('a reader that has seen enough', busy, () => {
  it.each([
    ['a condition that does not hold', broken, 3],
    ['conditions that hold', kept, 0],
    ['no condition', [], 0],
    ['the document', ['--json', ...broken], 3],
  ])('does not change the exit code of c1m run with %s', async (_, flags, code) => {
    const run = start([...short, '-q', ...flags, await hello()], {
      shell: `"$@" | true${codeOfFirst}`,
    });
    expect(await run.ended).toBe(code);
    expect(run.stderr()).toBe('');
    expect(await left(run)).toEqual(nothing);
  });

  it('of standard error does not end the measurement, and the result is kept', async () => {
    const folder = ownFolder();
    const url = await hello();
    // It leaves before the first progress is written.
    const shell = `{ "$@" 2>&1 >&3 | true; } 3>&1${codeOfFirst}`;
    const run = start(['run', '-d', '6s', '-R', '100', '-c', '2', '-o', folder, ...broken, url], {
      shell,
    });
    expect(await run.ended).toBe(3);
    expect(readResult(folder)).toMatchObject({ kind: 'run' });
    expect(run.stdout()).toContain('Requests/s');
  });

  it.each([
    ['report', stored],
    ['history', stored],
    ['scenarios', 'list'],
    ['targets', 'list'],
    ['doctor'],
    ['--help'],
    ['--version'],
  ])('is no fault to c1m %s %s', async (...words) => {
    const command = start(words, { shell: `"$@" | true${codeOfFirst}` });
    expect([await command.ended, command.stderr()]).toEqual([0, '']);
  });

  it('does not end c1m compare, which keeps its trials', async () => {
    const folder = ownFolder();
    const flags = ['--trials', '1', '--scenario', 'smoke', '-o', folder];
    const compare = start(['compare', ...flags, 'node-http'], {
      shell: `"$@" 2>&1 | true${codeOfFirst}`,
    });
    expect(await compare.ended).toBe(0);
    expect(readResult(folder)).toMatchObject({ kind: 'compare' });
    expect(await left(compare)).toEqual(nothing);
  });
});

describe('a closed standard error', busy, () => {
  it.each(['2>&-', '2>/dev/full', '2</dev/null', '>&- 2>&-'])(
    'as of %s costs c1m run nothing',
    async (redirection) => {
      const folder = ownFolder();
      const run = start([...short, '-o', folder, ...broken, await hello()], {
        shell: `"$@" ${redirection}`,
      });
      expect(await run.ended).toBe(3);
      expect(readResult(folder)).toMatchObject({ kind: 'run' });
    },
  );
});

describe('a standard output that cannot be written', busy, () => {
  const full = { shell: '"$@" >/dev/full' };

  it.each([
    [['report', stored]],
    [['report', stored, '--csv', '-']],
    [['history', stored]],
    [['scenarios', 'list']],
    [['scenarios', 'show', 'smoke']],
    [['targets', 'list']],
    [['doctor']],
    [['--help']],
    [['run', '--help']],
    [['--version']],
    [[]],
  ])('is said in a line, and exit code 1, by c1m %j', async (words) => {
    const command = start(words, full);
    expect(await command.ended).toBe(1);
    expect(command.stderr()).toMatch(oneLine);
    expect(command.stderr()).toContain('ENOSPC');
  });

  it.each([
    ['the only copy', [], false, 1],
    ['the document that was asked for', ['--json'], true, 1],
    ['the words about a result that is kept', [], true, 0],
    ['the words about a condition that holds', kept, false, 0],
    ['the words about a condition that does not hold', broken, false, 3],
  ])('of c1m run, where it is %s', async (_, flags, keeps, code) => {
    const folder = ownFolder();
    const output = keeps ? ['-o', folder] : [];
    const run = start([...short, '-q', ...flags, ...output, await hello()], full);
    expect(await run.ended).toBe(code);
    expect(run.stderr()).toMatch(oneLine);
    if (keeps) expect(readResult(folder)).toMatchObject({ kind: 'run' });
  });

  it('is said where it was opened for reading alone', async () => {
    const command = start(['scenarios', 'list'], { shell: '"$@" 1</dev/null' });
    expect(await command.ended).toBe(1);
    expect(command.stderr()).toMatch(oneLine);
  });

  it.skipIf(process.getuid?.() !== 0)('is said where it takes a part of it', async () => {
    const disk = join(ownFolder(), 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', disk]);
    try {
      const shell = `"$@" >${join(disk, 'out')}`;
      const command = start([...short, '-q', '--json', await hello()], { shell });
      expect(await command.ended).toBe(1);
      expect(command.stderr()).toMatch(oneLine);
      expect(readdirSync(disk)).toEqual(['out']);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
