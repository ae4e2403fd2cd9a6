import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { c1m, root } from './fixtures/c1m.js';
import { serve, type Served } from './fixtures/serve.js';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

let served: Served | undefined;
afterEach(() => served?.stop());

/** A `c1m` on the PATH that measures as briefly as it can, and notes how it was called and ended. */
const shim = `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const [command, ...given] = process.argv.slice(2);
const brief = { '-d': '300ms', '--budget': '90s' };
const words = given.map((word, at) => brief[given[at - 1]] ?? word);
const ends = ['-d', '--scenario'].some((flag) => words.includes(flag));
if (command === 'run' && !ends) words.unshift('-d', brief['-d']);
const args = [process.env.C1M_MAIN, ...(command ? [command] : []), ...words];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
appendFileSync(process.env.C1M_CALLS, JSON.stringify({ command: command ?? '', status }) + '\\n');
// A busy machine makes a result that is not valid, and a short budget a gate that cannot tell.
process.exit([3, 5, 6].includes(status) ? 0 : status);
`;

/** Runs the shell blocks of a page, as they stand, one after the other in one shell and a new folder. */
async function walk(page: string): Promise<{ output: string; commands: string[] }> {
  served = await serve();
  const folder = mkdtempSync(join(tmpdir(), 'c1m-docs-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'c1m'), shim, { mode: 0o755 });
  const calls = join(folder, 'calls');
  const workplace = join(folder, 'work');
  mkdirSync(workplace);
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
  const modules = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block!);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [at, block] of modules.entries()) writeFileSync(join(workplace, `${at}.mjs`), block);
  const script = [
    ...blocks.map((block) => block.replaceAll('http://localhost:8080/', served!.url)),
    ...modules.map((_, at) => `'${process.execPath}' ${at}.mjs`),
  ].join('\n');
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: workplace,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
      C1M_MAIN: join(root, 'bin', 'c1m.js'),
      C1M_CALLS: calls,
    },
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  const lines = readFileSync(calls, 'utf8').trimEnd().split('\n');
  const commands = lines.map((line) => (JSON.parse(line) as { command: string }).command);
  return { output: stdout, commands };
}

describe('the docs', () => {
  it('lead a newcomer from a clone to a verdict', async () => {
    const { output, commands } = await walk('docs/getting-started.md');
    expect(commands).toEqual([
      ...['', 'doctor', 'run', 'run', 'report', 'init', 'run', 'gate', 'targets'],
    ]);
    // The two commands that `c1m init` names are those that the page goes on with.
    const next = output.split('Next:\n')[1]!;
    const page = textOf('docs/getting-started.md');
    for (const [, command] of next.matchAll(/^ {2}(?:npx )?(c1m .+)$/gm)) {
      expect(page).toContain(`\n${command!}\n`);
    }
    // The commit is older than the manifest, as the base of a first pull request is.
    expect(output).toMatch(/^base {2}HEAD \(\w{12}\), with the target\.yaml of the working tree$/m);
    expect(output).toMatch(/^│ CPU per request /m);
  }, 240_000);

  it('show how to write a target', async () => {
    const { output, commands } = await walk('docs/targets.md');
    expect(commands).toEqual(['run', 'targets']);
    expect(output).toMatch(/\d+ × 200/);
    expect(output).toMatch(/^hello +The standard library/m);
  });

  it('show how to read a result', async (context) => {
    if (spawnSync('jq', ['--version']).status !== 0) {
      if (process.env['C1M_REQUIRE_ALL'] === '1') expect.fail('jq is not installed');
      return context.skip('jq is not installed');
    }
    const { output } = await walk('docs/results.md');
    expect(output).toMatch(/"p99": \d+/);
    expect(output).toMatch(/^http:\/\/127\S+\tlatency\t\d+\t\d+$/m);
    expect(output).toMatch(/^\d+ \d+ µs$/m);
  });

  it('name commands and flags that there are', async () => {
    const called = pages.flatMap((page) =>
      [...textOf(page).matchAll(/(?:^|[`\s(])(?:npx )?c1m ([a-z]+)((?: [^`\n]*)?)/g)]
        .filter(([whole]) => whole.includes('`') || /^\s/.test(whole) || whole.startsWith('c1m'))
        .map(([, command, rest]) => ({ page, command: command!, rest: rest! })),
    );
    const { stdout: help } = await c1m(['--help']);
    const known = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    const calls = called.filter(({ command }) => known.includes(command));
    expect(calls.length).toBeGreaterThan(40);
    const flags = new Map<string, string>();
    for (const name of new Set(calls.map(({ command }) => command))) {
      const own = (await c1m([name, '--help'])).stdout;
      const inner = [...own.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, word]) => word!);
      const helps = inner.map(async (word) => (await c1m([name, word, '--help'])).stdout);
      flags.set(name, [own, ...(await Promise.all(helps))].join('\n'));
    }
    for (const { page, command, rest } of calls) {
      // Up to where another command or the text begins.
      const words = rest.split(/ (?:&&|\||>|-- ) | {2,}/)[0]!;
      for (const [, flag] of words.matchAll(/(?:^| )(--[a-z][a-z0-9-]*)/g)) {
        expect(flags.get(command), `${page}: c1m ${command}${rest}`).toContain(flag);
      }
    }
  });

  it('lead only to pages and headings that there are', () => {
    for (const page of [...pages, 'CONTRIBUTING.md', 'targets/CONTRACT.md']) {
      const links = textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g);
      for (const [, file, heading] of links) {
        const place = file === '' ? page : join(page, '..', file!);
        const text = /\.md$/.test(place) ? textOf(place) : (readFileSync(join(root, place)), '');
        if (heading === undefined) continue;
        const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchorOf(title!));
        expect(anchors, `${page} → ${place}#${heading}`).toContain(heading);
      }
    }
  });
});

/** As GitHub makes it from a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/ /g, '-');
}
