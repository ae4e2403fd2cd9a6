import { renameSync, rmSync, writeFileSync } from 'node:fs';

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
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new Error(`${flag}: ${file} could not be written`, { cause: error });
  }
  process.stderr.write(`${file}\n`);
}
