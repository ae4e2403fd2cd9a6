import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateSchema, type GateResult } from '../../dist/results/gate.js';
import { c1m } from '../fixtures/c1m.js';
import { gateExitCodes } from '../fixtures/gate-exit-codes.js';
import { recordingServer } from '../fixtures/recording-server.js';
import { workingServer } from '../fixtures/working-server.js';

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function runs(command: string): boolean {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.some((line) => line.endsWith(command));
}

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
    const { stderr } = await c1m(['gate', ...flags, '--budget', '20s']);
    for (const server of [old, recent]) {
      server.close();
      expect(server.requests.length, stderr).toBeGreaterThan(0);
      for (const request of server.requests) {
        expect(request).toMatch(/^GET \/api\?x HTTP\/1\.1\r\n[^]*\r\nAuthorization: Basic /);
      }
    }
  });

  it('ends at Ctrl-C before the first pair, with 130 and no server left', async () => {
    const folder = folderWith({ 'server.cjs': workingServer(10) });
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
    const folder = folderWith({
      'server.cjs': workingServer(10),
      'target.yaml': manifest.join('\n'),
    });
    const git = (...words: string[]): string =>
      execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8' }).trim();
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
    writeFileSync(join(folder, 'server.cjs'), workingServer(20));
    const temporary = mkdtempSync(join(tmpdir(), 'c1m-'));
    const { code, stdout, stderr } = await c1m(
      ['gate', '--base', 'HEAD', '--budget', '90s', '-R', '200', '--json', '--', folder],
      undefined,
      { env: { TMPDIR: temporary } },
    );
    const result: GateResult = gateSchema.parse(JSON.parse(stdout));
    expect(code, stderr).toBe(gateExitCodes[result.verdict]);
    expect(result.base.label).toBe(`HEAD (${git('rev-parse', 'HEAD').slice(0, 12)})`);
    expect(result.head.label).toBe('the working tree');
    expect(result.pairs.length).toBeGreaterThan(0);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(readdirSync(temporary)).toEqual([]);
  }, 120_000);

  it('refuses a fan-out, and says why and what measures it', async () => {
    const load =
      "name: room\nfanOut: true\nrequests: [{path: /room, body: 'x {seq}'}]\nphases: [{duration: 1s, rate: 10/s, connections: 3}]\n";
    const scenario = join(folderWith({ 'room.yaml': load }), 'room.yaml');
    const commands = ['--base-command', 'exit 9', '--head-command', 'exit 9'];
    const { code, stderr } = await c1m(['gate', ...commands, '--scenario', scenario]);
    expect(stderr).toContain('a fan-out has no duet');
    expect(stderr).toContain('c1m compare');
    expect(code).toBe(2);
  });

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
    [['--base', 'main', '--allow', 'ttft.p99=5%'], 'Ask for them with --stream'],
    [['--base', 'main', '--allow', 'reach=5%'], 'gated on against a stored result only'],
    [['--base', 'main', '--stream=html'], 'is no stream of events'],
    [['--base', 'main', '--budget', 'soon'], 'is not a duration'],
    [['--base', 'main', '--detect', 'p99=5%'], 'p99 is not more than what is allowed'],
    [['--base', 'main', '--strict', '--detect', 'p99=30%'], 'exclude each other'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await c1m(['gate', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
