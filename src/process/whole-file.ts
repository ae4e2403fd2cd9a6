import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { isLink, kindOfPlace } from './place-kind.js';

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
  const partial = `${place}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { force: true });
    if (kind === null || !takesNoOther(error)) throw error;
    writeFileSync(place, text);
  }
}

function takesNoOther(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
