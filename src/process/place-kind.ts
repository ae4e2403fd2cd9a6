import { fstatSync, lstatSync, statSync, type BigIntStats } from 'node:fs';

/** What stands at a place of the file system; `other` is a device, a pipe or a socket. */
type PlaceKind = 'file' | 'folder' | 'other';

/**
 * These ask for big integers, since what Node was told last of a pipe or a socket in plain numbers makes
 * its next `realpathSync` stop half-way (v20, lib/fs.js: `isFileType(statValues, S_IFIFO)` of what is not
 * its own answer): packages behind links, as pnpm installs them, then miss their dependencies.
 */
const inBigIntegers = { bigint: true, throwIfNoEntry: false } as const;

/** Null where there is nothing. Throws what else `stat` fails with. */
export function kindOfPlace(place: string): PlaceKind | null {
  const found = statSync(place, inBigIntegers);
  return found === undefined ? null : kindOf(found);
}

/** Null of a descriptor that is not open. */
export function kindOfDescriptor(fd: number): PlaceKind | null {
  try {
    return kindOf(fstatSync(fd, { bigint: true }));
  } catch {
    return null;
  }
}

export function isLink(place: string): boolean {
  return lstatSync(place, inBigIntegers)?.isSymbolicLink() === true;
}

function kindOf(found: BigIntStats): PlaceKind {
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}
