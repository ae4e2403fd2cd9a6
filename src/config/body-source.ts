import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

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

/** Of a flag, where `-` is standard input. */
export function readBodyFile(file: string): Promise<Uint8Array> {
  return file === '-' ? buffer(process.stdin) : readFile(file);
}
