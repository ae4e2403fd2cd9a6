import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../basis/problem.js';

const findIt = 'See which there are with: ss -lx';

/**
 * Whether connect(2) may find a socket at a path. Whether somebody listens there, shows when it does.
 * @throws ConfigError
 */
export async function requireSocket(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => codeOf(error));
  if (found === 'ENOENT' || found === 'ENOTDIR')
    throw refusal(path, 'there is no such file', findIt);
  if (found === 'EACCES') {
    const remedy = `It takes the right to search all folders of it: namei -l '${path}'`;
    throw refusal(path, `may not be looked for in ${dirname(path)}`, remedy);
  }
  if (typeof found === 'string') throw refusal(path, `cannot be looked at (${found})`, findIt);
  if (!found.isSocket()) throw refusal(path, 'is no socket', findIt);
  await access(path, constants.W_OK).catch(() => {
    const remedy = `To connect takes the right to write to it (unix(7)): ls -l '${path}'`;
    throw refusal(path, 'may not be connected to (permission denied)', remedy);
  });
}

function refusal(where: string, message: string, remedy: string): ConfigError {
  return new ConfigError([{ where, message, remedy }]);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
