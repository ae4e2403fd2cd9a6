import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../config/problem.js';

const run = promisify(execFile);

/** A git ref in a work tree of its own. */
export interface Checkout {
  /** The commit's id, shortened. */
  readonly commit: string;
  /** The same folder as in the repository, in this work tree. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Checks a ref out beside the repository that the folder lies in.
 * @param flag named in the error if there is no such ref
 */
export async function checkOut(ref: string, folder: string, flag: string): Promise<Checkout> {
  const top = await git(folder, ['rev-parse', '--show-toplevel']).catch(() => null);
  if (top === null) {
    const message = `${folder} is in no git repository`;
    const remedy = 'Run it in the repository, or name two folders: --base-target, --head-target';
    throw new ConfigError([{ where: flag, message, remedy }]);
  }
  const commit = await git(folder, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]).catch(
    () => null,
  );
  if (commit === null) {
    const message = `There is no commit "${ref}" here`;
    const remedy = 'In CI, fetch it first: actions/checkout needs fetch-depth: 0';
    throw new ConfigError([{ where: flag, message, remedy }]);
  }
  const parent = await mkdtemp(join(tmpdir(), 'c1m-gate-'));
  const tree = join(parent, 'tree');
  const remove = async (): Promise<void> => {
    await git(top, ['worktree', 'remove', '--force', tree]).catch(() => undefined);
    await rm(parent, { recursive: true, force: true });
    await git(top, ['worktree', 'prune']).catch(() => undefined);
  };
  try {
    await git(top, ['worktree', 'add', '--detach', '--force', tree, commit]);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    commit: commit.slice(0, 12),
    folder: join(tree, relative(top, resolve(folder))),
    remove,
  };
}

async function git(folder: string, words: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...words], { encoding: 'utf8' });
  return stdout.trim();
}
