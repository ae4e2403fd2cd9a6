import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ownerTag, ownerTagPattern, ownOwner } from './owner.js';
import { isLink, kindOfPlace } from './place-kind.js';
import { leftBehind } from './left-behind.js';

const partialName = new RegExp(String.raw`\.${ownerTagPattern}\.partial$`);

/**
 * Puts a text in place of what a file holds, at once or not at all: it is written beside its place and
 * moved there, so that neither a full disk nor an interrupt leaves half of it. What a link leads to is
 * replaced, and the link stays. What is no regular file (a device, a pipe) is written to: to move a
 * file there would take its place. So is a file in a folder that takes no other.
 */
export function writeWhole(file: string, text: string): void {
  const kind = kindOfPlace(file);
  const linked = isLink(file);
  if (kind === null ? linked : kind !== 'file') {
    writeFileSync(file, text);
    return;
  }
  const place = linked ? realpathSync(file) : file;
  const partial = partialOf(place);
  sweepPartials(path.dirname(place));
  try {
    writeFileSync(partial, text);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { force: true });
    if (kind === null || !takesNoOther(error)) throw error;
    writeFileSync(place, text);
  }
}

/** Where this process writes what is to be moved to a place. Its name says whose it is. */
export function partialOf(place: string): string {
  return `${place}.${ownerTag(ownOwner())}.partial`;
}

/** Removes what writers left in a folder that were killed. */
function sweepPartials(folder: string): void {
  for (const file of leftBehind(folder, partialName, 'file')) {
    try {
      rmSync(file, { force: true });
    } catch {
      // The next one to write there tries again.
    }
  }
}

function takesNoOther(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
