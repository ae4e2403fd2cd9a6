import { constants } from 'node:fs';
import { access, copyFile, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { runtimeNames, type Manifest, type TargetRole } from './manifest.js';
import { parseManifest } from './manifest-file.js';

/** What c1m can build and start: its manifest and the folder of its sources. */
export interface Target {
  manifest: Manifest;
  folder: string;
}

const manifestName = 'target.yaml';

/** The package's own targets: src/ and dist/ lie equally deep, so one path serves both. */
export const referenceFolder = fileURLToPath(new URL('../../targets', import.meta.url));

/**
 * The reference targets and those in the user's folders (`--targets DIR`). Throws a `ConfigError`
 * with the problems of all manifests.
 */
export async function loadCatalog(
  userFolders: readonly string[] = [],
  reference = referenceFolder,
): Promise<Target[]> {
  const folders = await targetFolders(reference);
  const problems: Problem[] = [];
  for (const folder of userFolders) {
    const found = await targetFolders(path.resolve(folder));
    if (found.length === 0) problems.push(noTargets(folder));
    folders.push(...found);
  }
  const targets = new Map<string, Target>();
  for (const folder of await distinct(folders)) {
    const file = displayPath(path.join(folder, manifestName));
    const result = parseManifest(await readFile(path.join(folder, manifestName), 'utf8'), file);
    if ('problems' in result) {
      problems.push(...result.problems);
      continue;
    }
    const { name } = result.manifest;
    const earlier = targets.get(name);
    if (earlier === undefined) targets.set(name, { manifest: result.manifest, folder });
    else problems.push(duplicate(name, result.where, earlier));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return [...targets.values()];
}

/** The target of one folder. Throws a `ConfigError` with all that is wrong with its manifest. */
export async function readTarget(folder: string): Promise<Target> {
  const place = path.resolve(folder);
  const file = path.join(place, manifestName);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new ConfigError([noTargets(folder)]);
  const result = parseManifest(text, displayPath(file));
  if ('problems' in result) throw new ConfigError(result.problems);
  return { manifest: result.manifest, folder: place };
}

/**
 * Gives a checkout that is older than its manifest that of another one, so that the change that brings
 * the manifest can be compared as well. False where it has one of its own, or nothing can be lent.
 */
export async function lendManifest(from: string, to: string): Promise<boolean> {
  return copyFile(
    path.join(from, manifestName),
    path.join(to, manifestName),
    constants.COPYFILE_EXCL,
  ).then(
    () => true,
    () => false,
  );
}

export function ofRole(catalog: readonly Target[], role: TargetRole): Target[] {
  return catalog.filter(({ manifest }) => manifest.role === role);
}

/** By name or by runtime, in the order asked for; all of the role (null: any) when nothing is asked for. */
export function selectTargets(
  catalog: readonly Target[],
  selectors: readonly string[] = [],
  role: TargetRole | null = 'server',
): Target[] {
  const fitting = role === null ? [...catalog] : ofRole(catalog, role);
  if (selectors.length === 0) return fitting;
  const selected = new Set<Target>();
  const problems: Problem[] = [];
  for (const selector of selectors) {
    const matching = matches(fitting, selector);
    if (matching.length === 0) {
      const other = catalog.find(({ manifest }) => manifest.name === selector);
      problems.push(
        other === undefined || role === null
          ? unknownTarget(selector, fitting)
          : otherRole(other, role),
      );
    }
    for (const target of matching) selected.add(target);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return [...selected];
}

function otherRole({ manifest: { name, role } }: Target, wanted: TargetRole): Problem {
  return {
    where: name,
    message: `is a ${role}, not a ${wanted}`,
    remedy: role === 'program' ? `Measure it with: c1m wakeup ${name}` : 'See c1m targets list.',
  };
}

function unknownTarget(selector: string, catalog: readonly Target[]): Problem {
  const names = catalog.map(({ manifest }) => manifest.name);
  const runtimes = runtimeNames.filter((runtime) =>
    catalog.some(({ manifest }) => manifest.runtime.name === runtime),
  );
  const near = nearestName(selector, [...names, ...runtimes]);
  const list = `Targets: ${names.join(', ') || 'none'}; by runtime: ${runtimes.join(', ') || 'none'}.`;
  return {
    where: selector,
    message: 'there is no such target',
    remedy: near === null ? list : `Did you mean ${near}? ${list}`,
  };
}

function matches(catalog: readonly Target[], selector: string): Target[] {
  const named = catalog.filter(({ manifest }) => manifest.name === selector);
  if (named.length > 0) return named;
  return catalog.filter(
    ({ manifest: { runtime, family } }) => runtime.name === selector || family === selector,
  );
}

async function targetFolders(folder: string): Promise<string[]> {
  if (await exists(path.join(folder, manifestName))) return [folder];
  const names = await readdir(folder).catch(() => []);
  const folders = names.sort().map((name) => path.join(folder, name));
  const present = await Promise.all(folders.map((each) => exists(path.join(each, manifestName))));
  return folders.filter((_, index) => present[index]);
}

function noTargets(folder: string): Problem {
  return {
    where: folder,
    message: `there is no ${manifestName}, neither in it nor in a folder of it`,
    remedy: 'Name a folder that has one, or a folder of such folders.',
  };
}

function duplicate(name: string, where: string, earlier: Target): Problem {
  return {
    where,
    message: `name: ${displayPath(earlier.folder)} has the name ${name} already`,
    remedy: 'Give one of them another name.',
  };
}

/** `--targets targets` names the reference targets again, which is no duplicate. */
async function distinct(folders: readonly string[]): Promise<string[]> {
  return [...new Set(await Promise.all(folders.map((folder) => realpath(folder))))];
}

/** Relative where that is shorter, so that a terminal can open it either way. */
function displayPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || relative === '' ? file : relative;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
