import { randomInt } from 'node:crypto';
import type { ChalkInstance } from 'chalk';
import { printable } from '../basis/printable.js';

/**
 * All that c1m prints goes through here: what stands on a terminal as a control sequence is c1m's
 * own, whatever a server, a manifest or a foreign result brought along. No reporter has to think of
 * it, so none can forget to: the streams themselves let only such sequences pass as c1m has signed.
 *
 * A colour is signed with a last parameter that nobody else can know, and is stripped of it on its
 * way out; until then, tables and widths see an ordinary sequence.
 */
const signature = String(randomInt(1e8, 1e9));
const signed = new RegExp(`\\u001b\\[([\\d;]*);${signature}m`, 'g');
const anyColor = new RegExp(`\\u001b\\[([\\d;]*)m`, 'g');

/** Chalk whose colours are signed. What it is given keeps only such colours. */
export function signedColors(chalk: ChalkInstance): ChalkInstance {
  // A function of our own in between: chalk's own properties may not be answered for by others.
  return new Proxy((() => undefined) as unknown as ChalkInstance, {
    get: (_, key) => signResult(Reflect.get(chalk, key)),
    apply: (_, self, words: unknown[]) =>
      signResult(Reflect.apply(chalk, self, words.map(cleaned))),
  });
}

function signResult(value: unknown): unknown {
  if (typeof value === 'function') return signedColors(value as ChalkInstance);
  return typeof value === 'string' ? value.replace(anyColor, `\u001b[$1;${signature}m`) : value;
}

function cleaned(word: unknown): unknown {
  return typeof word === 'string' ? terminalText(word) : word;
}

/** The text, with those of its control sequences that c1m has signed. */
export function terminalText(text: string): string {
  return text
    .split(signed)
    .map((part, i) => (i % 2 === 0 ? harmless(part) : `\u001b[${part}m`))
    .join('');
}

/** GitHub obeys lines of a log that begin so (docs.github.com, "Workflow commands"). */
const workflowCommand = /^([ \t]*)(::|##\[)/gm;

function harmless(text: string): string {
  const plain = printable(text);
  const inWorkflow = process.env['GITHUB_ACTIONS'] === 'true';
  return inWorkflow ? plain.replace(workflowCommand, '$1\u200b$2') : plain;
}

type Write = NodeJS.WriteStream['write'];
const unchecked = new WeakMap<NodeJS.WriteStream, Write>();

/** From now on the stream lets only text and signed colours pass. */
export function printOnlyText(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  unchecked.set(stream, write);
  const checked = (chunk: Uint8Array | string, ...rest: unknown[]): boolean =>
    write(terminalText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()), ...rest);
  stream.write = checked;
}

/** For who moves the cursor or gives a command: every text in it has been made harmless. */
export function writeUnchecked(stream: NodeJS.WriteStream, text: string): void {
  (unchecked.get(stream) ?? stream.write.bind(stream))(text);
}
