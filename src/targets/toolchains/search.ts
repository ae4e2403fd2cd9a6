import { execFile } from 'node:child_process';
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { programFault } from '../../process/program-file.js';
import { compareVersions, satisfies, type Version } from '../version.js';

const execute = promisify(execFile);

/** Where to look. Tests pass folders of their own; everything else takes the host's. */
export interface SearchPlaces {
  env: NodeJS.ProcessEnv;
  home: string;
  /** Put before absolute places such as /usr/lib/jvm. */
  root: string;
  platform: NodeJS.Platform;
}

/** One installation that was found, good or not. */
export interface Candidate {
  where: string;
  version: Version;
  commands: Record<string, string>;
  /** Why it cannot be used, whatever its version. */
  defect?: string;
}

export function hostPlaces(): SearchPlaces {
  return { env: process.env, home: homedir(), root: '/', platform: process.platform };
}

/** The newest that will do. A final release goes before any pre-release, however new. */
export function newest(
  candidates: readonly Candidate[],
  minVersion: string | undefined,
): Candidate | undefined {
  return candidates
    .filter(({ defect, version }) => defect === undefined && satisfies(version, minVersion))
    .sort(
      (a, b) =>
        Number(b.version.final) - Number(a.version.final) || compareVersions(b.version, a.version),
    )[0];
}

export function pathFolders(places: SearchPlaces): string[] {
  const value = places.env['PATH'] ?? places.env['Path'] ?? '';
  return value.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

export function executableName(name: string, places: SearchPlaces): string {
  return places.platform === 'win32' ? `${name}.exe` : name;
}

/** The sub-folders of a folder whose names match, full paths; none where there is no such folder. */
export async function subFolders(folder: string, names = /^[^.]/): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .filter((entry) => names.test(entry.name))
      .map((entry) => path.join(folder, entry.name))
      .sort();
  } catch {
    return [];
  }
}

export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The files that exist and can be executed, each installation once however many links lead to it. */
export async function distinctExecutables(files: readonly string[]): Promise<string[]> {
  const real = await Promise.all(
    files.map(async (file) => ((await isExecutable(file)) ? realpath(file) : null)),
  );
  const seen = new Set<string>();
  return files.filter((_, index) => {
    const key = real[index];
    if (key === null || key === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Runs a command that tells about itself. What it prints, or null when it is none, fails or hangs. */
export async function probe(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  // A damaged one would be run as a script.
  if ((await programFault(file, '/', env)) !== null) return null;
  try {
    const { stdout, stderr } = await execute(file, args, {
      env,
      timeout: 10_000,
      killSignal: 'SIGKILL',
    });
    return stdout + stderr;
  } catch {
    return null;
  }
}
