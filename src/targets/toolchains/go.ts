import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

import { parseVersion, type Version } from '../version.js';
import {
  distinctExecutables,
  executableName,
  pathFolders,
  probe,
  subFolders,
  type Candidate,
  type SearchPlaces,
} from './search.js';

export async function findGo(places: SearchPlaces): Promise<Candidate[]> {
  const { env, home, root } = places;
  const go = executableName('go', places);
  const installations = [
    ...(env['GOROOT'] === undefined ? [] : [env['GOROOT']]),
    path.join(root, 'usr/local/go'),
    path.join(root, 'opt/homebrew/opt/go/libexec'),
    ...(await subFolders(path.join(home, 'go'), /^go\d/)),
    ...(await subFolders(path.join(home, 'sdk'), /^go\d/)),
    ...(await subFolders(path.join(root, 'usr/lib'), /^go-\d/)),
  ];
  const files = await distinctExecutables([
    ...pathFolders(places).map((folder) => path.join(folder, go)),
    ...installations.map((folder) => path.join(folder, 'bin', go)),
  ]);
  const candidates = await Promise.all(
    files.map(async (file): Promise<Candidate[]> => {
      const version = await goVersion(file, env);
      return version === null ? [] : [{ where: file, version, commands: { go: file } }];
    }),
  );
  return candidates.flat();
}

async function goVersion(file: string, env: NodeJS.ProcessEnv): Promise<Version | null> {
  const installation = path.dirname(path.dirname(await realpath(file)));
  try {
    return parseGoVersion(await readFile(path.join(installation, 'VERSION'), 'utf8'));
  } catch {
    // Without GOTOOLCHAIN=local a go.mod nearby could make it answer for another toolchain.
    const output = await probe(file, ['version'], { ...env, GOTOOLCHAIN: 'local' });
    return output === null ? null : parseGoVersion(output);
  }
}

function parseGoVersion(text: string): Version | null {
  const match = /\bgo(\d[^\s]*)/.exec(text);
  return match === null ? null : parseVersion(match[1]!);
}
