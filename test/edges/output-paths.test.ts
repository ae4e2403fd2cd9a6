import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateSchema } from '../../dist/results/gate.js';
import { readResult } from '../../dist/store/reader.js';
import { root } from '../fixtures/c1m.js';
import { gateExitCodes } from '../fixtures/gate-exit-codes.js';
import { hello, left, nothing, ownFolder, start } from './started.js';

const stored = join(root, 'results/reference-2026-11-24');
const command = ['node -e "require(`node:http`)', '.createServer((q, r) => r.end(`hi`))'];
const server = [...command, '.listen(process.env.PORT, `127.0.0.1`)"'].join('');
/** Of a shell, in which ` would be a command. */
const quoted = server.replaceAll('`', "'");
const builds = ['--base-command', quoted, '--head-command', quoted];

/** A file, a folder, and places that root cannot write to either. */
function places() {
  const folder = ownFolder();
  const file = join(folder, 'file');
  writeFileSync(file, 'precious');
  return { folder, file, belowFile: join(file, 'x'), nowhere: join(folder, 'none', 'x') };
}

describe('a place that cannot be written to is refused before the measurement', () => {
  it.each(['run', 'compare', 'wakeup', 'claims', 'gate', 'diff'])('by c1m %s -o', async (name) => {
    const { belowFile, file } = places();
    const words = {
      run: ['http://127.0.0.1:1/'],
      ...{
        compare: ['node-http'],
        wakeup: ['wakeup-node'],
        claims: [],
        gate: builds,
        diff: builds,
      },
    }[name]!;
    for (const place of [belowFile, file, '/proc/c1m']) {
      const refused = start([name, '-o', place, ...words]);
      expect(await refused.ended).toBe(2);
      expect(refused.stderr()).toContain(`-o: ${place} cannot be written`);
      expect(refused.stderr()).toContain('Name a folder');
      expect(await left(refused)).toEqual(nothing);
    }
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  it('by c1m gate, all at once', async () => {
    const { folder, belowFile, nowhere } = places();
    const flags = ['--markdown', nowhere, '--junit', folder, '-o', belowFile];
    const env = { GITHUB_STEP_SUMMARY: nowhere };
    const gate = start(['gate', ...builds, ...flags], { env });
    expect(await gate.ended).toBe(2);
    for (const where of ['--markdown', '--junit', '-o', 'GITHUB_STEP_SUMMARY']) {
      expect(gate.stderr()).toContain(`${where}: `);
    }
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('and one that can be written to is as it was, where something else is refused', async () => {
    const { folder, file, nowhere } = places();
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'target-of-link'), link);
    mkdirSync(join(folder, 'there'));
    const flags = ['--markdown', file, '--junit', link, '-o', join(folder, 'there/new/results')];
    const env = { GITHUB_STEP_SUMMARY: nowhere };
    expect(await start(['gate', ...builds, ...flags], { env }).ended).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['file', 'link', 'there']);
    expect(readdirSync(join(folder, 'there'))).toEqual([]);
  });
});

describe('a disk that is full at the end', () => {
  it('costs c1m gate neither its verdict nor its other files', async () => {
    const folder = ownFolder();
    const [full, summary] = [join(folder, 'full'), join(folder, 'summary')];
    // Through a link: the device itself is not to be put at risk by a test.
    symlinkSync('/dev/full', full);
    writeFileSync(summary, 'before\n');
    const flags = ['--markdown', full, '--junit', join(folder, 'gate.xml'), '-o', folder];
    const env = { GITHUB_STEP_SUMMARY: summary };
    const urls = ['--base-url', await hello(), '--head-url', await hello()];
    const words = ['gate', ...urls, ...flags, '--budget', '20s', '-R', '100', '--json'];
    const gate = start(words, { env });
    const code = await gate.ended;
    const result = gateSchema.parse(JSON.parse(gate.stdout()));
    expect(code, gate.stderr()).toBe(gateExitCodes[result.verdict]);
    expect(gate.stderr()).toMatch(/^--markdown: \S+ could not be written: ENOSPC[^\n]*$/m);
    expect(readFileSync(join(folder, 'gate.xml'), 'utf8')).toContain('</testsuite');
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n[^]*\|/);
    expect(existsSync(join(folder, `${result.id}.json`))).toBe(true);
  }, 180_000);

  it('costs c1m report one of its files, and the exit code is 1', async () => {
    const folder = ownFolder();
    symlinkSync('/dev/full', join(folder, 'full'));
    const flags = ['--html', join(folder, 'full'), '--csv', join(folder, 'out.csv')];
    const report = start(['report', stored, ...flags]);
    expect(await report.ended).toBe(1);
    expect(report.stderr()).toMatch(/^--html: \S+ could not be written: ENOSPC[^\n]*$/m);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toContain(',');
  });

  /** c1m run whose folder is there to be tried, and gone when it is needed: a file takes its place. */
  async function runWithoutItsFolder(temporary?: string) {
    const folder = join(ownFolder(), 'results');
    mkdirSync(folder);
    // c1m tries its folder before it sends anything.
    let asked!: () => void;
    const loaded = new Promise<void>((resolve) => (asked = resolve));
    const words = ['run', '-d', '3s', '-R', '50', '-c', '2', '-o', folder, await hello(asked)];
    const run = start(words, temporary === undefined ? {} : { temporary });
    await Promise.race([loaded, run.ended]);
    rmdirSync(folder);
    writeFileSync(folder, '');
    // A busy machine may make it invalid, which goes before.
    expect([1, 6]).toContain(await run.ended);
    expect(run.stdout()).toContain('Requests/s');
    return run;
  }

  it('costs c1m run neither its words nor its result, which is kept elsewhere', async () => {
    const run = await runWithoutItsFolder();
    const [, refuge = ''] =
      /^-o: \S+ could not be written: .*; the result is kept in (\S+)$/m.exec(run.stderr()) ?? [];
    expect(dirname(refuge)).toBe(run.temporary);
    expect(readResult(refuge)).toMatchObject({ kind: 'run' });
    expect(run.stdout()).toContain(`Result      ${refuge}/`);
  });

  it('costs c1m run its files, but not its words, where nothing takes them', async () => {
    const run = await runWithoutItsFolder(join(ownFolder(), 'none'));
    expect(run.stderr()).toMatch(/^-o: \S+ could not be written: (?!.* is kept )[^\n]*$/m);
  });
});
