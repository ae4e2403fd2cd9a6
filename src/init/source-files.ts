import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Listening } from './project.js';

/** A source file of a project, its path relative to it. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** Not written by the project's people, or no part of its server. */
const foreign = /^(\..*|node_modules|dist|build|target|vendor|venv|__pycache__|tests?|coverage)$/;
const deepest = 6;
const mostFiles = 500;
const mostBytes = 500_000;

/** The source files below a folder whose names end in one of these, the shallow ones first. */
export async function sourceFiles(
  folder: string,
  extensions: readonly string[],
): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  let level = [''];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: string[] = [];
    for (const place of level) {
      const entries = await readdir(path.join(folder, place), { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const file = path.posix.join(place, entry.name);
        if (entry.isDirectory() && !foreign.test(entry.name)) next.push(file);
        if (!entry.isFile() || !extensions.some((end) => entry.name.endsWith(end))) continue;
        if (found.length === mostFiles) return found;
        const whole = path.join(folder, file);
        if ((await stat(whole)).size > mostBytes) continue;
        found.push({ file, text: await readFile(whole, 'utf8') });
      }
    }
    level = next;
  }
  return found;
}

/** The text of a file of a project, or null where there is none. */
export async function textOf(folder: string, file: string): Promise<string | null> {
  return readFile(path.join(folder, file), 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return null;
    throw error;
  });
}

export async function hasFile(folder: string, file: string): Promise<boolean> {
  return stat(path.join(folder, file)).then(
    (found) => found.isFile(),
    () => false,
  );
}

const namesPort = /\bPORT\b/;
/** `listen(3000`, `":8080"`, `("", 8000)`, `port=8000`, `InetSocketAddress(8080` */
const fixedPort =
  /\blisten\(\s*(\d{2,5})\b|["'`][\w.]*:(\d{4,5})["'`]|\(\s*["'][\w.]*["'],\s*(\d{4,5})\)|\bport\s*[=:]\s*(\d{4,5})\b|InetSocketAddress\((\d{4,5})\)/i;

/** Whether the sources read PORT, or listen on a port of their own. */
export function listening(files: readonly SourceFile[]): Listening {
  if (files.some(({ text }) => namesPort.test(text))) return { kind: 'as told' };
  for (const { file, text } of files) {
    const port = fixedPort.exec(text)?.slice(1).join('');
    if (port !== undefined) return { kind: 'fixed', file, port: Number(port) };
  }
  return { kind: 'unknown' };
}
