import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateSchema, type GateResult } from '../../dist/results/gate.js';
import { c1m } from '../fixtures/c1m.js';
import { recordingServer } from '../fixtures/recording-server.js';

/** A server that works for each request, so many rounds. */
const server = (rounds: number): string => `
const http = require('node:http');
let sink = 0;
http
  .createServer((_request, response) => {
    for (let i = 0; i < ${rounds}; i++) sink = (Math.imul(sink, 1664525) + 1013904223) >>> 0;
    response.end('Hello, World!');
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());
`;

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function runs(command: string): boolean {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.some((line) => line.endsWith(command));
}

const codes = {
  ...{ pass: 0, improvement: 0, regression: 3 },
  ...{ 'no-baseline': 4, inconclusive: 5, invalid: 6 },
};

describe('c1m gate', () => {
  it.each([
    ['no path', ['--path', 'x'], '--path: "x" does not start with /'],
    ['no placeholder', ['--path', '/{row.id}'], '--path: {row.id} has no data to come from'],
  ])('refuses what is %s before it starts anything', async (_what, flags, message) => {
    const commands = ['--base-command', 'exit 9', '--head-command', 'exit 9'];
    const { code, stderr } = await c1m(['gate', ...commands, ...flags]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('asks for the path of its URLs, with their user and password', async () => {
    const [old, recent] = [await recordingServer(), await recordingServer()];
    const urls = [old, recent].map(({ address }) => `http://ada:pw@${address}/api?x`);
    const flags = ['--base-url', urls[0]!, '--head-url', urls[1]!, '-c', '2', '-R', '50'];
    const { stderr } = await c1m(['gate', ...flags, '--budget', '1s']);
    for (const server of [old, recent]) {
      server.close();
      expect(server.requests.length, stderr).toBeGreaterThan(0);
      for (const request of server.requests) {
        expect(request).toMatch(/^GET \/api\?x HTTP\/1\.1\r\n[^]*\r\nAuthorization: Basic /);
      }
    }
  });

  it('shows a head that works much harder, and writes what CI reads', async () => {
    const folder = folderWith({ 'old.cjs': server(3_000), 'new.cjs': server(20_000) });
    const commands = ['old', 'new'].map((name) => `${process.execPath} ${join(folder, name)}.cjs`);
    const [markdown, junit, summary] = ['m.md', 'j.xml', 's.md'].map((name) => join(folder, name));
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary! };
    const flags = ['--base-command', commands[0]!, '--head-command', commands[1]!];
    const outputs = ['--markdown', markdown!, '--junit', junit!, '-o', folder, '--json'];
    const { code, stdout, stderr } = await c1m(
      ['gate', ...flags, ...outputs, '--budget', '40s', '-R', '500'],
      undefined,
      { env },
    );
    const result = gateSchema.parse(JSON.parse(stdout));
    // A minute is too short for two sets of pairs: it is suspected, and not called.
    expect(['inconclusive', 'regression'], stderr).toContain(result.verdict);
    expect(code).toBe(codes[result.verdict]);
    const cpu = result.metrics.find(({ name }) => name === 'cpuUsPerRequest')!;
    expect(cpu.ratio).toBeGreaterThan(1.5);
    expect(readFileSync(markdown!, 'utf8')).toContain('| CPU per request | +');
    expect(readFileSync(summary!, 'utf8')).toBe(readFileSync(markdown!, 'utf8'));
    expect(readFileSync(junit!, 'utf8')).toContain('name="CPU per request"');
    expect(stderr).toMatch(/^::(error|warning) title=c1m gate::/m);
    const stored = await c1m(['report', join(folder, `${result.id}.json`)]);
    expect(stored.stdout).toContain('CPU per request');
  }, 240_000);

  it('ends at Ctrl-C before the first pair, with 130 and no server left', async () => {
    const folder = folderWith({ 'server.cjs': server(10) });
    const command = `${process.execPath} ${join(folder, 'server.cjs')}`;
    const { code, stdout, stderr } = await c1m(
      ['gate', '--base-command', command, '--head-command', command],
      /looking for the rate/,
    );
    expect(code, stderr).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('Interrupted before anything was measured');
    expect(runs(command)).toBe(false);
  });

  it('compares a ref with the working tree, and leaves nothing of it', async () => {
    const manifest = [
      'name: mine',
      'description: a server of mine',
      'runtime: { name: node }',
      "start: ['{node}', server.cjs]",
      'ready: { path: / }',
    ];
    const folder = folderWith({ 'server.cjs': server(10), 'target.yaml': manifest.join('\n') });
    const git = (...words: string[]): string =>
      execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' }).trim();
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
    writeFileSync(join(folder, 'server.cjs'), server(20));
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('c1m-gate-'));
    const { code, stdout, stderr } = await c1m(
      ['gate', '--base', 'HEAD', '--budget', '5s', '--json', '--', folder],
      undefined,
    );
    const result: GateResult = gateSchema.parse(JSON.parse(stdout));
    expect(code, stderr).toBe(codes[result.verdict]);
    expect(result.base.label).toBe(`HEAD (${git('rev-parse', 'HEAD').slice(0, 12)})`);
    expect(result.head.label).toBe('the working tree');
    expect(result.pairs.length).toBeGreaterThan(0);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('c1m-gate-'))).toEqual(before);
  }, 120_000);

  it('names a ref that does not exist, and how to get it in CI', async () => {
    const { code, stderr } = await c1m(['gate', '--base', 'no-such-ref', '--', '.']);
    expect(code).toBe(2);
    expect(stderr).toContain('--base');
    expect(stderr).toContain('fetch-depth: 0');
  });

  it('says what a command printed that does not serve', async () => {
    const broken = `${process.execPath} -e "console.error('no licence'); process.exit(7)"`;
    const flags = ['--base-command', broken, '--head-command', broken];
    const { code, stderr } = await c1m(['gate', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toContain('exit code 7');
    expect(stderr).toContain('no licence');
    expect(stderr).toContain('PORT');
  });

  it.each([
    [[], '--base'],
    [['--base', 'main', '--base-command', 'a'], 'exclude each other'],
    [['--base-command', 'a'], '--head-command'],
    [['--base', 'main', '--allow', 'p9=3%'], "Did you mean 'p99'?"],
    [['--base', 'main', '--budget', 'soon'], 'is not a duration'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await c1m(['gate', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
