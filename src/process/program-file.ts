import { access, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';

import { elfFault, isElf } from './elf.js';
import { kernelHasHandlerFor } from './foreign-binaries.js';

/**
 * Why the kernel would not run a program, or null where it would.
 *
 * execvp(3), and with it Node, env, taskset and every shell, hands a file that the kernel does not
 * know (ENOEXEC) to /bin/sh. A damaged program would so be run as a script, its bytes as commands,
 * in the source folder. None of them can be told not to: so what is no program is not started.
 */
export async function programFault(
  program: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const file = await locate(program, cwd, env);
  if (file === null) return `there is no program ${program}`;
  return fileFault(file, 0);
}

/** A script's interpreter may be a script (execve(2)); so many deep the kernel follows. */
const deepest = 4;

async function fileFault(file: string, depth: number): Promise<string | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return `there is no file ${file}`;
  if (!found.isFile()) return `${file} is no file`;
  if (!(await mayBeExecuted(file))) return `${file} may not be executed (chmod +x)`;
  if (found.size === 0) return `${file} is empty`;
  const head = await readHead(file);
  // It may be executed without being read; then nobody can say more.
  if (head === null) return null;
  if (head[0] === 0x23 && head[1] === 0x21) return scriptFault(file, head, depth);
  if (isElf(head) && process.platform === 'linux') {
    const fault = elfFault(head, found.size);
    if (fault === null || (await kernelHasHandlerFor(file, head))) return null;
    return `${file} ${fault}`;
  }
  if (isMachO(head) && process.platform === 'darwin') return null;
  if (await kernelHasHandlerFor(file, head)) return null;
  return `${file} is neither a program of this system nor a script with a first line such as #!/bin/sh`;
}

async function scriptFault(file: string, head: Buffer, depth: number): Promise<string | null> {
  const [first = ''] = head.toString('latin1').split('\n');
  const interpreter = /^#![ \t]*([^ \t\0]+)/.exec(first)?.[1];
  if (interpreter === undefined) return `${file} names no interpreter in its first line`;
  if (depth >= deepest) return `${file} is a script of scripts without end`;
  const fault = path.isAbsolute(interpreter) ? await fileFault(interpreter, depth + 1) : null;
  return fault === null ? null : `${file} needs ${interpreter}, but ${fault}`;
}

/** As execvp(3) finds it: a name without a slash is looked for in PATH. */
async function locate(
  program: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  if (program.includes('/')) return path.resolve(cwd, program);
  const folders = (env['PATH'] ?? '/usr/bin:/bin').split(path.delimiter);
  for (const folder of folders) {
    const file = path.resolve(cwd, folder, program);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() === true && (await mayBeExecuted(file))) return file;
  }
  return null;
}

async function mayBeExecuted(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Enough for all program headers that a linker puts there. */
const headBytes = 8 * 1024;

async function readHead(file: string): Promise<Buffer | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isMachO(head: Buffer): boolean {
  const magic = head.length < 4 ? 0 : head.readUInt32BE(0);
  return [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe].includes(magic);
}
