import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isGone } from './owner.js';

/**
 * Finds in a folder what processes of this user left there that live no more. What is not theirs is
 * not among it.
 * @param pattern of their names, with the three parts of the owner's tag (`ownerTagPattern`) first
 */
export function leftBehind(
  folder: string,
  pattern: RegExp,
  kind: 'file' | 'folder',
): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => {
      const [, pidNamespace, pid, startTicks] = pattern.exec(name) ?? [];
      if (pidNamespace === undefined || pid === undefined || startTicks === undefined) return false;
      if (!isOwn(path.join(folder, name), kind)) return false;
      return isGone({ pidNamespace, pid: Number(pid), startTicks });
    })
    .map((name) => path.join(folder, name));
}

function isOwn(place: string, kind: 'file' | 'folder'): boolean {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined || !(kind === 'file' ? found.isFile() : found.isDirectory()))
    return false;
  return process.getuid === undefined || found.uid === process.getuid();
}
