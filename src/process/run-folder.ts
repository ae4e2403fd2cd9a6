import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atExit } from './last-acts.js';
import { ownerTag, ownerTagPattern, ownOwner } from './owner.js';
import { leftBehind } from './left-behind.js';

const ourName = new RegExp(`^c1m-[a-z]+-${ownerTagPattern}-[A-Za-z0-9]{6}$`);
const treeName = 'tree';
/** Holds the path of the repository that the work tree is of. */
const repositoryName = 'repository';

/**
 * A folder for as long as this process runs, whose name says whose it is. It goes at the latest when
 * the process ends; of one that was killed, the next run of c1m removes it (`sweepRunFolders`).
 */
export class RunFolder {
  readonly path: string;
  readonly #callOff: () => void;

  /** @param kind in lower-case letters, for people who find it */
  constructor(kind: string, parent: string = tmpdir()) {
    const name = `c1m-${kind}-${ownerTag(ownOwner())}-`;
    try {
      // Git knows work trees by their real paths.
      this.path = mkdtempSync(path.join(realpathSync(parent), name));
    } catch (error) {
      const remedy = parent === tmpdir() ? ' (TMPDIR names another place)' : '';
      throw new Error(`No folder could be made in ${parent}${remedy}`, { cause: error });
    }
    this.#callOff = atExit(() => removeFolder(this.path));
  }

  /** Where a work tree of the repository may be made; it is unknown to git again with the folder. */
  workTreeOf(repository: string): string {
    writeFileSync(path.join(this.path, repositoryName), repository);
    return path.join(this.path, treeName);
  }

  remove(): void {
    removeFolder(this.path);
    this.#callOff();
  }
}

/** Removes what runs of this user left in a folder that live no more. What is not theirs stays. */
export function sweepRunFolders(parent: string): void {
  for (const folder of leftBehind(parent, ourName, 'folder')) removeFolder(folder);
}

/** Synchronous, since it also has to work while the process ends. */
function removeFolder(folder: string): void {
  // Something that was killed a moment ago may still finish a write.
  const thoroughly = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const;
  try {
    const repository = readText(path.join(folder, repositoryName));
    const tree = path.join(folder, treeName);
    if (repository !== null) {
      rmSync(tree, thoroughly);
      forgetWorkTree(repository, tree);
    }
    rmSync(folder, thoroughly);
  } catch {
    // The next run tries again.
  }
}

/**
 * Twice forced, git also forgets one that it had not finished; and it leaves other lost work trees
 * alone, which `git worktree prune` would not: theirs may lie on a disk that is not mounted now.
 */
function forgetWorkTree(repository: string, tree: string): void {
  const words = ['-C', repository, 'worktree', 'remove', '--force', '--force', tree];
  // Detached, which its types leave out: a Ctrl-C on the terminal, or its end, must not reach git.
  const options = { stdio: 'ignore', timeout: 5_000, detached: true } as SpawnSyncOptions;
  // One that comes between fork and setsid does: then once more.
  for (let attempt = 0; attempt < 3; attempt++) {
    if (spawnSync('git', words, options).signal === null) return;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
