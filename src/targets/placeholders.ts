import type { RuntimeName } from './manifest.js';

const placeholder = /\{([a-z]+)\}/g;

const general = ['src', 'build', 'port'];

const perRuntime: Record<RuntimeName, readonly string[]> = {
  go: ['go'],
  java: ['java', 'javac', 'jar'],
  python: ['python', 'venv'],
  node: ['node'],
  none: [],
};

/** The placeholders that a manifest of this runtime may use. */
export function knownPlaceholders(runtime: RuntimeName): string[] {
  return [...general, ...perRuntime[runtime]];
}

export function placeholdersIn(text: string): string[] {
  return Array.from(text.matchAll(placeholder), (match) => match[1]!);
}

/** Fills in what is known and leaves other braces alone: they may be JSON or a template's own. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (whole, name: string) => values[name] ?? whole);
}
