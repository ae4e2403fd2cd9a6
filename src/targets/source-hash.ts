import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Made from the sources, or not part of them; their content does not decide what is built. */
const ignored = new Set(['.git', 'node_modules', '__pycache__', '.venv', '.DS_Store']);

/** A digest of every file below a folder: relative paths and contents. */
export async function hashSources(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await sourceFiles(folder, '')) {
    const content = await readFile(path.join(folder, file));
    // With the lengths in front, no two different trees give the same stream.
    hash.update(`${String(file.length)}:${file}:${String(content.length)}:`).update(content);
  }
  return hash.digest('hex');
}

async function sourceFiles(root: string, relative: string): Promise<string[]> {
  const entries = await readdir(path.join(root, relative), { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (ignored.has(entry.name)) continue;
    const file = path.posix.join(relative, entry.name);
    if (entry.isDirectory()) files.push(...(await sourceFiles(root, file)));
    else if (entry.isFile() || (await linksToFile(path.join(root, file)))) files.push(file);
  }
  return files;
}

/** Links to folders are left out: they may lead in circles. */
async function linksToFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
