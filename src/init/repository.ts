import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { version } from '../version.js';

const run = promisify(execFile);

/** The git repository that a project lies in. */
export interface Repository {
  readonly top: string;
  /** There is something to compare with. */
  readonly hasCommit: boolean;
}

export async function repositoryOf(folder: string): Promise<Repository | null> {
  const top = await git(folder, 'rev-parse', '--show-toplevel');
  if (top === null) return null;
  return { top, hasCommit: (await git(folder, 'rev-parse', '--verify', 'HEAD')) !== null };
}

/** The tag that moves with the releases of this major version (scripts/release.js). */
const releases = `v${version.split('.')[0]!}`;

/** Stands where nobody can know it: c1m was not installed from a clone of a repository on GitHub. */
export const unknownAction = `OWNER/c1m@${releases}`;

/** c1m's own action as a workflow names it, by where its clone came from. */
export async function ownAction(): Promise<string> {
  const home = fileURLToPath(new URL('../..', import.meta.url));
  const repository = await repositoryOf(home);
  // Installed below somebody's project, the repository is theirs.
  if (repository === null || path.relative(repository.top, home) !== '') return unknownAction;
  const remote = (await git(home, 'remote', 'get-url', 'origin')) ?? '';
  const name = /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(remote)?.[1];
  if (name === undefined) return unknownAction;
  const released = (await git(home, 'rev-parse', '--verify', `refs/tags/${releases}`)) !== null;
  return `${name}@${released ? releases : 'main'}`;
}

async function git(folder: string, ...words: string[]): Promise<string | null> {
  return run('git', ['-C', folder, ...words]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
