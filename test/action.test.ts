import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as bodyOf } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './fixtures/c1m.js';

interface Action {
  readonly inputs: Record<string, { readonly default: string }>;
  readonly runs: { readonly steps: { id?: string; run: string; env?: Record<string, string> }[] };
}

const execFileAsync = promisify(execFile);

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

/** What GitHub would put in place of `${{ inputs.x }}`. */
function filled(text: string, inputs: Record<string, string>): string {
  return text.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, name: string) => inputs[name]!);
}

it('the action measures the repository that it runs in, and leaves summary, XML and verdict', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'c1m-action-'));
  cpSync(join(root, 'targets', 'node-net-bare'), workspace, { recursive: true });
  const git = (...words: string[]): void => {
    execFileSync('git', ['-C', workspace, ...words], { stdio: 'ignore' });
  };
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first');
  const step = action.runs.steps.find(({ id }) => id === 'gate')!;
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  const inputs = {
    ...(Object.fromEntries(defaults) as Record<string, string>),
    ...{ base: 'HEAD', target: '.', budget: '90s', allow: 'p99=20%,startup=20%' },
    ...{ connections: '16', rate: '200', path: '/json' },
  };
  const env = Object.entries(step.env!).map(([name, text]) => [name, filled(text, inputs)]);
  const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((name) => [
    name,
    join(workspace, name),
  ]);
  for (const [, file] of files) writeFileSync(file!, '');
  const { status, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
    cwd: workspace,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...(Object.fromEntries([...env, ...files]) as Record<string, string>),
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: root,
      RUNNER_TEMP: workspace,
    },
  });
  const output = readFileSync(join(workspace, 'GITHUB_OUTPUT'), 'utf8').trim();
  const [, verdict, path] =
    /^verdict=(pass|regression|inconclusive|invalid)\npath=(.+)$/.exec(output) ?? [];
  expect(verdict, stderr).toBeDefined();
  expect(readdirSync(path!).some((name) => name.endsWith('.json'))).toBe(true);
  // Such a budget is spent before anything is decided, which does not fail a pull request.
  expect(status).toBe({ pass: 0, inconclusive: 0, regression: 3, invalid: 6 }[verdict!]);
  expect(readFileSync(join(workspace, 'GITHUB_STEP_SUMMARY'), 'utf8')).toContain('head ÷ base');
  expect(existsSync(join(workspace, 'c1m-gate.xml'))).toBe(true);
  expect(stderr).toMatch(/^::(notice|warning|error) title=c1m gate::/m);
}, 120_000);

/** GitHub's comments of one pull request, as far as the action uses them. */
async function gitHub() {
  const bodies: string[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((sent) => {
      const { pathname } = new URL(request.url!, 'http://x');
      asked.push(`${request.method!} ${pathname}`);
      const { body } = sent === '' ? { body: '' } : (JSON.parse(sent) as { body: string });
      const known = request.headers.authorization === 'Bearer secret';
      if (known && request.method === 'POST') bodies.push(body);
      if (known && request.method === 'PATCH') bodies[Number(pathname.split('/').at(-1))] = body;
      const page = new URL(request.url!, 'http://x').searchParams.get('page');
      const first = (Number(page) - 1) * 100;
      const all = bodies.map((each, at) => ({ body: each, url: `${api}/comments/${at}` }));
      response.writeHead(known ? 200 : 403);
      response.end(JSON.stringify(page === null ? {} : all.slice(first, first + 100)));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api, bodies, asked, close: () => server.close() };
}

describe('the comment on a pull request', () => {
  async function comment(api: string, report: string, token = 'secret'): Promise<string> {
    const file = join(mkdtempSync(join(tmpdir(), 'c1m-action-')), 'report.md');
    writeFileSync(file, report);
    const env = { GITHUB_API_URL: api, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: token };
    const { stdout } = await execFileAsync(process.execPath, [join(root, 'action/comment.js')], {
      env: { ...process.env, ...env, PULL_REQUEST: '7', REPORT: file, TARGET: './a' },
    });
    return stdout;
  }

  it('is one, which is written anew each time, however many others there are', async () => {
    const github = await gitHub();
    for (let i = 0; i < 150; i++) github.bodies.push(`comment ${i}`);
    expect(await comment(github.api, 'first')).toBe('');
    expect(github.bodies).toHaveLength(151);
    expect(github.bodies[150]).toBe('<!-- c1m gate ./a -->\nfirst');
    await comment(github.api, 'second');
    expect(github.bodies).toHaveLength(151);
    expect(github.bodies[150]).toContain('second');
    expect(github.asked).toContain('POST /repos/o/r/issues/7/comments');
    github.close();
  });

  it('is not what a verdict hangs on', async () => {
    const github = await gitHub();
    expect(await comment(github.api, 'first', 'of a fork')).toMatch(
      /^::notice .*pull-requests: write/,
    );
    github.close();
    expect(await comment(github.api, 'first')).toMatch(/^::notice /);
  });
});

it('the README’s workflow is the one that c1m init writes, and names inputs that there are', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, pasted = ''] = /^```yaml\n(name: c1m\n.*?)^```$/ms.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'c1m-action-'));
  writeFileSync(
    join(folder, 'server.js'),
    'require("http").createServer().listen(process.env.PORT)',
  );
  writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node server.js" } }');
  const words = ['init', '--yes', '--action', 'OWNER/c1m@v0', folder];
  execFileSync(process.execPath, [join(root, 'bin/c1m.js'), ...words], { stdio: 'ignore' });
  const written: unknown = parse(readFileSync(join(folder, '.github/workflows/c1m.yml'), 'utf8'));
  const workflow = parse(pasted) as { jobs: { gate: { steps: { with: object }[] } } };
  expect(workflow).toEqual(written);
  const { with: inputs } = workflow.jobs.gate.steps.at(-1)!;
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
});
