import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import { parseVersion } from '../version.js';
import {
  distinctExecutables,
  pathFolders,
  probe,
  subFolders,
  type Candidate,
  type SearchPlaces,
} from './search.js';

/** Importing venv and ensurepip is what fails where a distribution packs them apart. */
const question = `
import json, platform, sys, sysconfig
try:
    import ensurepip, venv
    ensurepip.version()
    defect = None
except Exception as problem:
    defect = "cannot make virtual environments: %s" % problem
if sys.implementation.name != "cpython":
    defect = "%s, not CPython" % sys.implementation.name
print(json.dumps({
    "version": platform.python_version(),
    "usual": not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "defect": defect,
}))
`;

const answerSchema = z.object({
  version: z.string(),
  usual: z.boolean(),
  defect: z.string().nullable(),
});

export async function findPython(places: SearchPlaces): Promise<Candidate[]> {
  const { env, home, root } = places;
  const pyenv = env['PYENV_ROOT'] ?? path.join(home, '.pyenv');
  const folders = [
    // The shims of pyenv start whatever a project's file names; the installations are listed below.
    ...pathFolders(places).filter((folder) => path.basename(folder) !== 'shims'),
    ...(await subFolders(path.join(pyenv, 'versions'))).map((folder) => path.join(folder, 'bin')),
    ...['usr/local/bin', 'opt/homebrew/bin', 'usr/bin'].map((folder) => path.join(root, folder)),
  ];
  const files = await Promise.all(folders.map((folder) => interpretersIn(folder, places)));
  const candidates = await Promise.all(
    (await distinctExecutables(files.flat())).map((file) => describePython(file, env)),
  );
  return candidates.filter((candidate) => candidate !== null);
}

async function interpretersIn(folder: string, places: SearchPlaces): Promise<string[]> {
  const names = places.platform === 'win32' ? /^python3?\.exe$/ : /^python3(\.\d+)?t?$/;
  try {
    const found = (await readdir(folder)).filter((name) => names.test(name));
    return found.sort().map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

async function describePython(file: string, env: NodeJS.ProcessEnv): Promise<Candidate | null> {
  const output = await probe(file, ['-c', question], { ...env, PYTHONDONTWRITEBYTECODE: '1' });
  if (output === null) return null;
  try {
    const answer = answerSchema.parse(JSON.parse(output));
    const version = parseVersion(answer.version);
    if (version === null) return null;
    return {
      where: file,
      // A free-threaded build is another runtime in all but name, so it is taken only for want of others.
      version: { ...version, final: version.final && answer.usual },
      commands: { python: file },
      ...(answer.defect === null ? {} : { defect: answer.defect }),
    };
  } catch {
    return null;
  }
}
