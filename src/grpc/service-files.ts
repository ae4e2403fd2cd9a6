import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../basis/problem.js';
import type { ServiceFiles } from '../load/grpc-call.js';
import { protobuf } from './protobuf.js';

/**
 * Reads .proto files with all that they import.
 * @param where what named them, for problems: `--proto`, or a place in a scenario
 * @throws ConfigError
 */
export async function readServiceFiles(
  { files, importPaths }: ServiceFiles,
  where: string,
): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  const folders = [...importPaths, ...files.map((file) => dirname(resolve(file)))];
  const missing = new Map<string, string>();
  root.resolvePath = (origin, target) => {
    // What Google's own files hold is at hand.
    if (target in protobuf.common) return target;
    if (origin === '' || isAbsolute(target)) return resolve(target);
    const found = [dirname(origin), ...folders]
      .map((folder) => join(folder, target))
      .find((file) => existsSync(file));
    if (found === undefined) missing.set(target, origin);
    return found ?? null;
  };
  for (const file of files) await mustBeReadable(file, where);
  try {
    // `load` would throw where nobody hears it, if a type is not known.
    root.loadSync([...files], { keepCase: true }).resolveAll();
    return root;
  } catch (error) {
    const [[target, origin] = []] = missing;
    if (target === undefined) {
      const remedy = 'See the line that it names; what defines a type may be named as well.';
      throw new ConfigError([{ where, message: (error as Error).message, remedy }]);
    }
    const message = `${origin} imports ${target}, and there is no such file`;
    const remedy = 'Name the folder that its path begins in: --proto-path DIR, or protoPath.';
    throw new ConfigError([{ where, message, remedy }]);
  }
}

async function mustBeReadable(file: string, where: string): Promise<void> {
  try {
    await readFile(file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const message =
      code === 'ENOENT' ? `there is no file ${file}` : `cannot read ${file} (${code})`;
    throw new ConfigError([{ where, message, remedy: 'Name a .proto file that can be read.' }]);
  }
}
