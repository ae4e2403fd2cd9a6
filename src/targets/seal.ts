import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

/** Of each file of a finished build, by its path in it: whether it may be executed, and its digest. */
const sealSchema = z.record(z.string(), z.string());
type Seal = z.output<typeof sealSchema>;

/** Read at once: enough to keep a disk busy, and few enough for any limit of open files. */
const together = 16;

/** Notes what a build is, beside it. */
export async function writeSeal(file: string, folder: string): Promise<void> {
  const names = await filesBelow(folder, '');
  const seal: Seal = {};
  for (let at = 0; at < names.length; at += together) {
    const some = names.slice(at, at + together);
    const digests = await Promise.all(some.map((name) => digestOf(path.join(folder, name))));
    some.forEach((name, i) => (seal[name] = digests[i]!));
  }
  await writeFile(file, JSON.stringify(seal));
}

/** null where there is none that can be read. */
export async function readSeal(file: string): Promise<Seal | null> {
  try {
    return sealSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * What is no longer as it was built, or null. What was added since is left alone: a server may put
 * its own files there.
 * @param only of all files in the seal, these
 */
export async function brokenSeal(
  seal: Seal,
  folder: string,
  only: (name: string) => boolean = () => true,
): Promise<string | null> {
  const names = Object.keys(seal).filter(only);
  for (let at = 0; at < names.length; at += together) {
    const faults = await Promise.all(
      names.slice(at, at + together).map(async (name) => {
        const digest = await digestOf(path.join(folder, name)).catch(() => null);
        if (digest === null) return `${name} is missing`;
        return digest === seal[name] ? null : `${name} is not as it was built`;
      }),
    );
    const fault = faults.find((each) => each !== null);
    if (fault !== undefined) return fault;
  }
  return null;
}

async function digestOf(file: string): Promise<string> {
  const found = await lstat(file);
  if (found.isSymbolicLink()) return `link ${await readlink(file)}`;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer);
  }
  return `${(found.mode & 0o111) === 0 ? 'file' : 'program'} ${hash.digest('hex')}`;
}

/** Files and links; sockets and pipes are no part of a build. */
async function filesBelow(root: string, relative: string): Promise<string[]> {
  const entries = await readdir(path.join(root, relative), { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const file = path.posix.join(relative, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(root, file)));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(file);
  }
  return files;
}
