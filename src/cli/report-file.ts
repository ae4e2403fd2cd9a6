import {
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a report to a file, or to standard output for `-`. It is written beside its place and moved
 * there, so that a full disk leaves what was there before.
 * @throws Error naming the flag and the file
 */
export function writeReport(flag: string, file: string, text: string): void {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  naming(flag, file, () => replaceFile(file, text));
  process.stderr.write(`${file}\n`);
}

/** Writes files into a folder, which is made where it is missing; as `writeReport` otherwise. */
export function writeFolder(
  flag: string,
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): void {
  naming(flag, folder, () => mkdirSync(folder, { recursive: true }));
  for (const { name, text } of files) {
    const file = join(folder, name);
    naming(flag, file, () => replaceFile(file, text));
  }
  process.stderr.write(`${folder}: ${files.length} files\n`);
}

/**
 * A regular file is replaced at once or not at all, and so is the one that a link leads to. What is
 * something else (a device, a pipe) is written to: to move a file there would take its place.
 */
function replaceFile(file: string, text: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (found === undefined ? isLink : !found.isFile()) {
    writeFileSync(file, text);
    return;
  }
  const place = isLink ? realpathSync(file) : file;
  const partial = `${place}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function naming(flag: string, file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Error(`${flag}: ${file} could not be written`, { cause: error });
  }
}
