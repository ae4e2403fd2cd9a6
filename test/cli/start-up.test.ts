import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { c1m } from '../fixtures/c1m.js';

/** Every script that Node loaded, as V8's own coverage lists them. */
async function loaded(args: string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  const { code } = await c1m(args, undefined, { env: { NODE_V8_COVERAGE: folder } });
  expect(code).toBe(0);
  return readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  });
}

it.each([[[]], [['--version']], [['--help']], [['run', '--help']]])(
  'c1m %j loads no more than the words of its commands',
  async (words) => {
    const scripts = await loaded(words);
    expect(scripts.some((url) => url.endsWith('/dist/cli/main.js'))).toBe(true);
    const packages = scripts.flatMap((url) => /node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
    expect(new Set(packages)).toEqual(new Set(['commander']));
    expect(scripts.filter((url) => /-actions?\.js$|\/dist\/load\//.test(url))).toEqual([]);
  },
);

it('c1m alone shows on one screen what there is, and ends well', async () => {
  const { code, stdout, stderr } = await c1m([]);
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  const { stdout: help } = await c1m(['--help']);
  const commands = [...stdout.matchAll(/\bc1m ([a-z]+)/g)].map(([, name]) => name!);
  expect(new Set(commands).size).toBeGreaterThan(7);
  for (const name of commands) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'));
});
