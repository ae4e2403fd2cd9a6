import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where install-peers.sh puts what Debian has not, before the PATH. */
const peersBin = process.env.PEERS_BIN;
const folders = [peersBin, ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean);

const usual = { before: [], env: {}, success: [0], extraSeconds: () => 0 };

/** The clients that are there, each with its file and version, and the names of the others. */
export function findInstalled(clients) {
  const missing = [];
  const found = clients.flatMap((client) => {
    const file = client.file ?? find(client.name);
    if (file === undefined || !usable(client.before?.[0])) {
      missing.push(client.name);
      return [];
    }
    const version = versionOf({ ...client, file });
    return [{ ...usual, title: client.name, ...client, file, version }];
  });
  return { found, missing };
}

function versionOf({ name, file, before = [], version }) {
  const ask = (word) => {
    const { stdout, stderr } = spawnSync(file, [...before, word], { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };
  return noted(name) ?? version?.(ask) ?? 'of unknown version';
}

/** For what does not say its version, or not exactly, install-peers.sh has noted it. */
function noted(name) {
  if (peersBin === undefined) return undefined;
  try {
    const notes = readFileSync(join(peersBin, 'versions.txt'), 'utf8');
    return new RegExp(`^${name} (.+)$`, 'm').exec(notes)?.[1];
  } catch {
    return undefined;
  }
}

const find = (name) => folders.map((folder) => join(folder, name)).find(usable);

function usable(file) {
  try {
    if (file !== undefined) accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
