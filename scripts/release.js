// Makes a release: node scripts/release.js 0.2.0. Nothing leaves this machine; the last lines say how.
//
// The version goes into package.json and the changelog, as a commit on main. The tag is on a commit
// behind it that no branch has, and that holds what was built, too: so the action, which is a checkout
// of the tag, runs with what a user installs and nothing more.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const unreleased = '## Unreleased';

const [version = ''] = process.argv.slice(2);
const git = (words, env = {}) =>
  execFileSync('git', words, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  }).trim();
const npm = (words) =>
  execFileSync('npm', words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

const refusal = whyNot();
if (refusal !== null) {
  console.error(refusal);
  process.exitCode = 1;
} else release();

function whyNot() {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return 'Which version? node scripts/release.js 0.2.0';
  if (git(['status', '--porcelain']) !== '') return 'There are changes that are not committed.';
  if (git(['branch', '--show-current']) !== 'main') return 'A release is made on main.';
  if (git(['tag', '--list', `v${version}`]) !== '') return `There is a tag v${version} already.`;
  const [, news = ''] = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(unreleased);
  if (!/^\s*- /.test(news)) return `CHANGELOG.md has nothing under "${unreleased}".`;
  return null;
}

function release() {
  npm(['version', version, '--no-git-tag-version', '--allow-same-version']);
  const changelog = join(root, 'CHANGELOG.md');
  const today = new Date().toISOString().slice(0, 10);
  const heading = `${unreleased}\n\n## ${version} (${today})`;
  writeFileSync(changelog, readFileSync(changelog, 'utf8').replace(unreleased, heading));
  git(['commit', '-qam', `Release ${version}`]);
  npm(['run', 'build']);
  const major = `v${version.split('.')[0]}`;
  const built = commitOfBuild();
  git(['tag', '-a', `v${version}`, '-m', `c1m ${version}`, built]);
  git(['tag', '-f', major, built]);
  console.log(`Made v${version}, and ${major} with it. To publish them:

  git push origin main v${version} && git push --force origin ${major}
  npm publish`);
}

/** Of this commit's tree and dist/, which is not in the repository; the work tree stays as it is. */
function commitOfBuild() {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-release-'));
  try {
    const index = { GIT_INDEX_FILE: join(folder, 'index') };
    git(['read-tree', 'HEAD'], index);
    git(['add', '--force', '--', 'dist', ':!dist/**/*.map'], index);
    const tree = git(['write-tree'], index);
    return git(['commit-tree', tree, '-p', 'HEAD', '-m', `c1m ${version}, built`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
