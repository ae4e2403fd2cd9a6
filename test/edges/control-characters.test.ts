import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chalk, { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../dist/index.js';
import { signedColors, terminalText } from '../../src/cli/printing.js';
import { markdownText } from '../../src/report/markdown-text.js';
import { printable } from '../../src/basis/printable.js';
import { c1m, root } from '../fixtures/c1m.js';
import { targetFolder } from '../fixtures/target-folder.js';

/** A colour, a title, a link, a cursor, C1's own CSI, a bell, a turn of writing, a hidden sign. */
const evil =
  'A\u001b[31;1mB\u001b]0;title\u0007C\u001b]8;;http://evil\u001b\\D\u001b[2JE\u009b5mF\u0007\u202eG\u2066H\rI';
const harmful = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;

/** A result of another machine, each of whose names moves the cursor. */
function foreignResult(): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-foreign-'));
  cpSync(join(root, 'test/fixtures/watched'), folder, { recursive: true });
  const name = readdirSync(folder).find((each) => each.endsWith('.json'))!;
  const result = JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunResult;
  result.scenario.name = evil;
  result.host.cpuModel = evil;
  result.warnings.push({ code: evil, message: evil, remedy: evil });
  for (const target of result.targets) {
    target.name = `${target.name}${evil}`;
    target.runtime = evil;
    for (const { phases } of target.trials) for (const phase of phases) phase.name += evil;
  }
  writeFileSync(join(folder, name), JSON.stringify(result));
  return folder;
}

describe('what others have named', () => {
  const folder = foreignResult();

  it('reaches the terminal as text, and only c1m’s own colours do', async () => {
    const env = { NO_COLOR: undefined, FORCE_COLOR: '1' } as unknown as NodeJS.ProcessEnv;
    const { code, stdout, stderr } = await c1m(['report', folder], undefined, { env });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('AB');
    const own = /\x1b\[\d+m/g;
    expect(stdout).toMatch(own);
    expect(stdout).not.toContain('\u001b[31;1m');
    expect(stdout.replace(own, '')).not.toMatch(harmful);
  });

  it.each(['--markdown', '--csv', '--prometheus', '--junit', '--html'])(
    'stands as text in the file of %s',
    async (flag) => {
      const file = join(folder, `report${flag}`);
      const { code, stderr } = await c1m(['report', folder, flag, file]);
      expect(code, stderr).toBe(0);
      const written = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
      // The result document itself is in the page, as JSON, which escapes.
      expect(written.replace(/<script type="application\/json".*?<\/script>/gs, '')).not.toMatch(
        harmful,
      );
    },
  );

  it('is text in the list of targets, and in what a failed command says', async () => {
    const target = targetFolder('named', '');
    const file = join(target, 'target.yaml');
    const yaml = readFileSync(file, 'utf8').replace('a test', JSON.stringify(evil));
    writeFileSync(file, yaml);
    const listed = await c1m(['targets', 'list', '--targets', target]);
    expect(listed.stdout).toContain('AB');
    const failed = await c1m(['report', `no\u001b[31msuch\u009bfile`]);
    for (const text of [listed.stdout, listed.stderr, failed.stderr]) {
      expect(text).not.toMatch(harmful);
    }
  });

  it('is text where a server printed it before it ended', async () => {
    const target = targetFolder('loud', `console.error(${JSON.stringify(evil)}); process.exit(3);`);
    const { code, stdout, stderr } = await c1m(['run', target, '-n', '1']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('AB');
    expect(stdout + stderr).not.toMatch(harmful);
  });

  it('gives GitHub no command', async () => {
    const words = `console.error("::add-mask::x\\n  ##[error]y"); process.exit(3);`;
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '' };
    const { stderr } = await c1m(['run', targetFolder('mask', words), '-n', '1'], undefined, {
      env,
    });
    expect(stderr).toContain('add-mask');
    expect(stderr).not.toMatch(/^\s*(::|##\[)/m);
  });
});

it('knows c1m’s own colours from those that foreign text brings, also where they nest', () => {
  const plain = new Chalk({ level: 1 });
  const color = signedColors(plain);
  const foreign = 'x\u001b[32my';
  expect(terminalText(`${color.red(`a${color.bold('b')}${foreign}`)}${foreign}`)).toBe(
    `${plain.red(`a${plain.bold('b')}xy`)}xy`,
  );
  expect(terminalText(color.red(`a${color.green('b')}c`))).toBe(plain.red(`a${plain.green('b')}c`));
  expect(terminalText(chalk.reset(foreign))).toBe('xy');
});

it.each([
  ['\u001b]0;never ended', '0;never ended'],
  ['a\u001bMb', 'ab'],
  ['tab\tand\r\nline\n', 'tab\tand\r\nline\n'],
  ['\u0000\u007f\u0085\u2028', '����'],
  ['naïve “text” 漢字 👩‍🚀 µs', 'naïve “text” 漢字 👩‍🚀 µs'],
])('%j is printed as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('is neither a mention, a link, a reference nor a cell in Markdown', () => {
  const text = markdownText('@user #12 |x| [a](http://b) www.c.d `e` <b>\n# f');
  expect(text).not.toMatch(/(?<!\\)[#|`[\]]|@u|:\/\/|www\.c|<b>|\n/);
});
