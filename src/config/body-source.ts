import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ConfigError } from '../basis/problem.js';

/** Where a body comes from. */
type BodySource =
  | { readonly kind: 'text'; readonly text: string }
  /** Sent as it is, octet for octet; `-` is standard input. */
  | { readonly kind: 'file'; readonly file: string };

/** How to write a text that would be taken for the name of a file. */
export const literalAt = 'A text that begins with @ is written with two: @@.';

/** As curl has it, `@file` stands for what is in the file; `@@` is an @ that stands for itself. */
export function bodySource(written: string): BodySource {
  if (written.startsWith('@@')) return { kind: 'text', text: written.slice(1) };
  if (written.startsWith('@')) return { kind: 'file', file: written.slice(1) };
  return { kind: 'text', text: written };
}

/** What a flag gives, as text or as `@file`. @throws ConfigError */
export async function readWritten(flag: string, written: string): Promise<string | Uint8Array> {
  const source = bodySource(written);
  return source.kind === 'text' ? source.text : readBodyFile(flag, source.file, literalAt);
}

/**
 * Of a flag, where `-` is standard input.
 * @param hint beside the remedy, where the file cannot be read
 * @throws ConfigError
 */
export async function readBodyFile(flag: string, file: string, hint = ''): Promise<Uint8Array> {
  try {
    return await (file === '-' ? buffer(process.stdin) : readFile(file));
  } catch (error) {
    const message = `cannot read "${file}": ${(error as Error).message}`;
    const remedy = `Name a file that can be read.${hint === '' ? '' : ` ${hint}`}`;
    throw new ConfigError([{ where: flag, message, remedy }]);
  }
}
