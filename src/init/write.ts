import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

type Written = 'wrote' | 'kept' | 'replaced';

/** Writes a file and the folders above it. One that is there already stays, unless it may be replaced. */
export async function writeOnce(file: string, text: string, force: boolean): Promise<Written> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return 'wrote';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!force) return 'kept';
  await writeFile(file, text);
  return 'replaced';
}
