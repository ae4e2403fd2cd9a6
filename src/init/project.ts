import type { Manifest } from '../targets/manifest.js';

/** How the server of a project is built and started, as far as its files tell. */
export interface Project {
  /** The file that it was recognised by. */
  readonly file: string;
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly runtime: Manifest['runtime'];
  readonly build: readonly (readonly string[])[];
  /** A Python requirements file. */
  readonly requirements?: string;
  /** The command and its arguments; null where the files do not tell. */
  readonly start: readonly string[] | null;
  /** Where the command runs: in the project, or in the copy of it that `build` makes. */
  readonly runsIn: 'source' | 'build';
  readonly env: Readonly<Record<string, string>>;
  readonly artifact?: string;
  /** Whether it was seen to listen where it is told to; null where its sources do not show it. */
  readonly listens: Listening;
  /** What its user should know before the first start. */
  readonly notes: readonly string[];
}

/** Where a server listens, as its sources say. */
export type Listening =
  | { readonly kind: 'as told' }
  | { readonly kind: 'fixed'; readonly file: string; readonly port: number }
  | { readonly kind: 'unknown' };

export const asTold: Listening = { kind: 'as told' };

/** A name that a manifest may have. */
export function manifestName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'server' : name;
}

/**
 * Copies the project to the build folder, without what was installed or built in it: installing and
 * building there leaves the sources alone, and works in a checkout that holds nothing but sources.
 */
export function copyStep(...without: readonly string[]): readonly string[] {
  const excludes = ['.git', 'node_modules', ...without].map((name) => `--exclude=./${name}`);
  const pipe = `tar -C "$0" ${excludes.join(' ')} -cf - . | tar -C "$1" -xf -`;
  return ['sh', '-c', pipe, '{src}', '{build}'];
}
