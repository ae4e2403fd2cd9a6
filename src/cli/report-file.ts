import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../process/whole-file.js';
import type { Deliveries } from './deliveries.js';

/** Writes a report to a file, or to standard output for `-`. */
export function writeReport(
  deliveries: Deliveries,
  flag: string,
  file: string,
  text: string,
): void {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  deliveries.attempt(flag, file, () => {
    writeWhole(file, text);
    process.stderr.write(`${file}\n`);
  });
}

/** Writes files into a folder, which is made where it is missing; as `writeReport` otherwise. */
export function writeFolder(
  deliveries: Deliveries,
  flag: string,
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): void {
  deliveries.attempt(flag, folder, () => {
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of files) writeWhole(join(folder, name), text);
    process.stderr.write(`${folder}: ${files.length} files\n`);
  });
}
