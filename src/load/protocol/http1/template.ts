import { nearestName } from '../../../basis/nearest-name.js';
import { RequestError } from './request-error.js';

/** A piece of a path, of a header's value or of a body. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `{seq}`, `{seq:8}`: the request's number in the whole run; `digits` null: as it comes. */
  | { readonly kind: 'seq'; readonly digits: number | null }
  /** `{rand:1:1000}`: a whole number, both ends included. */
  | { readonly kind: 'rand'; readonly low: number; readonly high: number }
  /** `{row.name}`: the cell of a data row. */
  | { readonly kind: 'row'; readonly column: string };

/**
 * A brace opens a placeholder only where a name and a closing brace follow, so that JSON needs no
 * escapes; two are one brace that opens nothing.
 */
const BRACE = /\{\{|\{(row\.[^{}]*|[A-Za-z][\w.:-]*)\}/g;

export const MAX_SEQ_DIGITS = 16;
const MAX_RAND_VALUES = 2 ** 32;

/**
 * @param columns of the data, for `{row.name}`
 * @throws RequestError naming an unknown placeholder and what comes near it
 */
export function parseTemplate(text: string, columns: readonly string[]): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let end = 0;
  for (const match of text.matchAll(BRACE)) {
    literal += text.slice(end, match.index);
    end = match.index + match[0].length;
    const name = match[1];
    if (name === undefined) {
      literal += '{';
      continue;
    }
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(parsePlaceholder(name, columns));
  }
  literal += text.slice(end);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}

function parsePlaceholder(name: string, columns: readonly string[]): TemplatePart {
  if (name === 'seq') return { kind: 'seq', digits: null };
  if (name.startsWith('seq:')) return parseSeq(name);
  if (name.startsWith('rand:')) return parseRand(name);
  if (name.startsWith('row.') && columns.includes(name.slice(4))) {
    return { kind: 'row', column: name.slice(4) };
  }
  throw unknownPlaceholder(name, columns);
}

function parseSeq(name: string): TemplatePart {
  const digits = /^seq:(\d{1,2})$/.exec(name)?.[1];
  if (digits === undefined || Number(digits) < 1 || Number(digits) > MAX_SEQ_DIGITS) {
    throw new RequestError(`{${name}}: write {seq:8} for 8 digits, 1 to ${MAX_SEQ_DIGITS}`);
  }
  return { kind: 'seq', digits: Number(digits) };
}

function parseRand(name: string): TemplatePart {
  const match = /^rand:(\d{1,15}):(\d{1,15})$/.exec(name);
  if (match === null) {
    throw new RequestError(`{${name}}: write {rand:1:1000} for a whole number from 1 to 1000`);
  }
  const low = Number(match[1]);
  const high = Number(match[2]);
  if (low > high) throw new RequestError(`{${name}}: write the lower number first`);
  if (high - low >= MAX_RAND_VALUES) {
    throw new RequestError(`{${name}}: at most ${MAX_RAND_VALUES} different numbers are possible`);
  }
  return { kind: 'rand', low, high };
}

function unknownPlaceholder(name: string, columns: readonly string[]): RequestError {
  const examples = ['seq', 'seq:8', 'rand:1:1000', ...columns.map((column) => `row.${column}`)];
  // A misspelled name is found by its name alone, whatever numbers follow it.
  const bare = name.replace(/:.*/, '');
  const near =
    nearestName(name, examples) ??
    examples.find((example) => example.replace(/:.*/, '') === nearestName(bare, ['seq', 'rand']));
  const remedy =
    near === undefined
      ? `There are ${examples.map((example) => `{${example}}`).join(', ')}`
      : `Did you mean {${near}}?`;
  const noData = name.startsWith('row.') && columns.length === 0 ? ', for there is no data' : '';
  return new RequestError(
    `{${name}} is not a placeholder${noData}. ${remedy} Write {{ for a brace that opens none.`,
  );
}
