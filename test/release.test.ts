import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './fixtures/c1m.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-release-'));
const clone = join(folder, 'clone');
const git = (...words: string[]): string =>
  execFileSync('git', ['-C', clone, ...words], { encoding: 'utf8', stdio: 'pipe' });
const release = (...words: string[]) =>
  spawnSync(process.execPath, [join(clone, 'scripts/release.js'), ...words], { encoding: 'utf8' });

const c1mOf = (home: string, ...words: string[]): string =>
  spawnSync(process.execPath, [join(home, 'bin/c1m.js'), ...words], { encoding: 'utf8' }).stdout;
const uringOf = (home: string): string | undefined =>
  (JSON.parse(c1mOf(home, 'doctor', '--json')) as { name: string; status: string }[]).find(
    ({ name }) => name === 'io_uring',
  )?.status;

it('a release is a tag that the action runs from, with what a user installs and nothing more', () => {
  execFileSync('git', ['clone', '-q', root, clone]);
  git('checkout', '-q', '-B', 'main');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b');
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');

  expect(release('1.2').stderr).toContain('Which version?');
  expect(release('9.8.7').stdout).toContain('git push origin main v9.8.7');
  expect(git('status', '--porcelain')).toBe('');
  expect(readFileSync(join(clone, 'CHANGELOG.md'), 'utf8')).toMatch(/## Unreleased\n\n## 9\.8\.7 /);
  expect(git('ls-tree', '--name-only', 'main')).not.toMatch(/^dist$/m);
  expect(git('rev-parse', 'v9')).toBe(git('rev-parse', 'v9.8.7^{commit}'));
  expect(release('9.8.7').stderr).toContain('There is a tag v9.8.7 already');

  const action = join(folder, 'action');
  mkdirSync(action);
  const files = execFileSync('git', ['-C', clone, 'archive', 'v9'], { maxBuffer: 1e9 });
  execFileSync('tar', ['-x', '-C', action], { input: files });
  const { runs } = parse(readFileSync(join(action, 'action.yml'), 'utf8')) as {
    runs: { steps: { name: string; run: string }[] };
  };
  const install = runs.steps.find(({ name }) => name === 'Install c1m')!;
  execFileSync('bash', ['-e', '-o', 'pipefail', '-c', install.run], {
    env: { ...process.env, GITHUB_ACTION_PATH: action },
    stdio: 'ignore',
  });
  expect(existsSync(join(action, 'node_modules/vitest'))).toBe(false);
  expect(c1mOf(action, '--version').trim()).toBe('9.8.7');
  // What is optional is there, too: the engine that needs it.
  expect(uringOf(action)).toBe(uringOf(root));
}, 240_000);
