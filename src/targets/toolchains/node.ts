import path from 'node:path';

import { parseVersion } from '../version.js';
import {
  distinctExecutables,
  executableName,
  pathFolders,
  probe,
  subFolders,
  type Candidate,
  type SearchPlaces,
} from './search.js';

/** The Node that runs c1m. It is taken wherever it will do, so that finding it costs nothing. */
export function ownNode(): Candidate {
  return {
    where: process.execPath,
    version: parseVersion(process.versions.node)!,
    commands: { node: process.execPath },
  };
}

export async function findNode(places: SearchPlaces): Promise<Candidate[]> {
  const node = executableName('node', places);
  const nvm = places.env['NVM_DIR'] ?? path.join(places.home, '.nvm');
  const folders = [
    ...pathFolders(places),
    ...(await subFolders(path.join(nvm, 'versions/node'))).map((folder) =>
      path.join(folder, 'bin'),
    ),
  ];
  const files = await distinctExecutables(folders.map((folder) => path.join(folder, node)));
  const candidates = await Promise.all(
    files.map(async (file): Promise<Candidate[]> => {
      const output = await probe(file, ['--version'], places.env);
      const version = parseVersion((output ?? '').trim().replace(/^v/, ''));
      return version === null ? [] : [{ where: file, version, commands: { node: file } }];
    }),
  );
  return candidates.flat();
}
