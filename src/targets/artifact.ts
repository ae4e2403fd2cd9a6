import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The bytes of a file, or of all files below a folder. Links count as themselves. */
export async function artifactBytes(file: string): Promise<number> {
  const found = await lstat(file);
  if (!found.isDirectory()) return found.size;
  const names = await readdir(file);
  const sizes = await Promise.all(names.map((name) => artifactBytes(path.join(file, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
