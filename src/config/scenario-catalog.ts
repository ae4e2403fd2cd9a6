import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../basis/nearest-name.js';
import { ConfigError } from '../basis/problem.js';
import type { Describer } from '../load/describing.js';
import { loadScenario } from './scenario-file.js';
import type { Scenario } from './scenario.js';

interface CatalogEntry {
  readonly name: string;
  readonly description: string;
  readonly file: string;
}

// The same step up from src/config/ and from dist/config/.
const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const extension = /\.ya?ml$/;

/** The scenarios that come with c1m. */
export async function listScenarios(): Promise<CatalogEntry[]> {
  const files = (await readdir(folder)).filter((file) => extension.test(file));
  const entries = await Promise.all(
    files.map(async (name) => {
      const file = join(folder, name);
      const scenario = await loadScenario(file);
      return { name: scenario.name, description: scenario.description, file };
    }),
  );
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Reads a scenario by the name of a built-in one, or by its path.
 * @param describer of the server that may be asked what its methods are; null: there is none yet
 */
export async function openScenario(
  nameOrPath: string,
  describer: Describer | null = null,
): Promise<Scenario> {
  return loadScenario(await findScenario(nameOrPath), describer);
}

/** The file of a scenario that is given by the name of a built-in one, or by its path. */
export async function findScenario(nameOrPath: string): Promise<string> {
  const files = await readdir(folder);
  const builtIn = files.find((file) => file.replace(extension, '') === nameOrPath);
  if (builtIn !== undefined && extension.test(builtIn)) return join(folder, builtIn);
  if (await isFile(nameOrPath)) return nameOrPath;
  const names = files.filter((file) => extension.test(file)).map((f) => f.replace(extension, ''));
  const near = nearestName(basename(nameOrPath).replace(extension, ''), names);
  throw new ConfigError([
    {
      where: '--scenario',
      message: `there is no scenario "${nameOrPath}", neither built in nor as a file`,
      remedy: near ? `Did you mean ${near}?` : `Built in are ${names.sort().join(', ')}.`,
    },
  ]);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
