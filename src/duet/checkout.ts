import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError } from '../basis/problem.js';
import { RunFolder } from '../process/run-folder.js';
import { git } from './git.js';

/** A git ref in a work tree of its own. */
export interface Checkout {
  /** The commit's id, shortened. */
  readonly commit: string;
  /** The same folder as in the repository, in this work tree. */
  readonly folder: string;
  remove(): void;
}

/**
 * Checks a ref out beside the repository that the folder lies in.
 * @param flag named in the error if there is no such ref
 */
export async function checkOut(
  ref: string,
  folder: string,
  flag: string,
  signal: AbortSignal,
): Promise<Checkout> {
  const top = await git(folder, ['rev-parse', '--show-toplevel'], signal);
  if (!top.ok) {
    const message = `${folder} is in no git repository`;
    const remedy = 'Run it in the repository, or name two folders: --base-target, --head-target';
    throw new ConfigError([{ where: flag, message, remedy }]);
  }
  const words = ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`];
  const { ok, output: commit } = await git(folder, words, signal);
  if (!ok) {
    const message = `There is no commit "${ref}" here`;
    const remedy = 'In CI, fetch it first: actions/checkout needs fetch-depth: 0';
    throw new ConfigError([{ where: flag, message, remedy }]);
  }
  const own = new RunFolder('gate');
  const tree = own.workTreeOf(top.output);
  try {
    const add = ['worktree', 'add', '--detach', '--force', tree, commit];
    const added = await git(top.output, add, signal);
    if (!added.ok) throw new Error(`${flag}: git could not check ${ref} out: ${added.complaint}`);
  } catch (error) {
    own.remove();
    throw error;
  }
  return {
    commit: commit.slice(0, 12),
    folder: join(tree, relative(top.output, realpathSync(folder))),
    remove: () => own.remove(),
  };
}
