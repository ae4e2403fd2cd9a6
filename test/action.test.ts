import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './fixtures/c1m.js';

interface Action {
  readonly inputs: Record<string, { readonly default: string }>;
  readonly runs: { readonly steps: { id?: string; run: string; env?: Record<string, string> }[] };
}

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

it('the README’s workflow is the one that c1m init writes, and names inputs that there are', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, pasted = ''] = /^```yaml\n(name: c1m\n.*?)^```$/ms.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'c1m-action-'));
  writeFileSync(
    join(folder, 'server.js'),
    'require("http").createServer().listen(process.env.PORT)',
  );
  writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node server.js" } }');
  const words = ['init', '--yes', '--action', 'OWNER/c1m@main', folder];
  execFileSync(process.execPath, [join(root, 'bin/c1m.js'), ...words], { stdio: 'ignore' });
  const written: unknown = parse(readFileSync(join(folder, '.github/workflows/c1m.yml'), 'utf8'));
  const workflow = parse(pasted) as { jobs: { gate: { steps: { with: object }[] } } };
  expect(workflow).toEqual(written);
  const { with: inputs } = workflow.jobs.gate.steps.at(-1)!;
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
});
