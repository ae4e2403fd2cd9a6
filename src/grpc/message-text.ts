import { parseTemplate } from '../load/protocol/http1/template.js';

/** A placeholder that stands where JSON has a number. */
const bare = /\{(?:seq(?::\d+)?|rand:\d+:\d+|row\.[^{}"]*)\}/y;

/**
 * JSON with placeholders in it: within quotes, or in place of a number, where quotes are put around it.
 * @throws SyntaxError
 */
export function parseMessageText(text: string): unknown {
  let quoted = '';
  let isQuoted = false;
  for (let at = 0; at < text.length;) {
    bare.lastIndex = at;
    const [found] = isQuoted ? [] : (bare.exec(text) ?? []);
    if (found !== undefined) {
      quoted += JSON.stringify(found);
      at += found.length;
      continue;
    }
    const step = isQuoted && text[at] === '\\' ? 2 : 1;
    if (text[at] === '"') isQuoted = !isQuoted;
    quoted += text.slice(at, at + step);
    at += step;
  }
  return JSON.parse(quoted);
}

/** Whether a text, or one within a list or an object, holds a placeholder or an escaped brace. */
export function isTemplate(value: unknown, columns: readonly string[]): boolean {
  if (typeof value === 'string') {
    return (
      value.includes('{') &&
      parseTemplate(value, columns).some((p) => p.kind !== 'text' || p.text !== value)
    );
  }
  if (typeof value !== 'object' || value === null) return false;
  const isIn = ([key, part]: [string, unknown]): boolean =>
    isTemplate(key, columns) || isTemplate(part, columns);
  return Object.entries(value).some(isIn);
}

/** The value with a digit in each placeholder, which all kinds of numbers and texts can be. */
export function filled(value: unknown, columns: readonly string[]): unknown {
  if (typeof value === 'string') {
    return parseTemplate(value, columns)
      .map((part) => (part.kind === 'text' ? part.text : '1'))
      .join('');
  }
  if (Array.isArray(value)) return value.map((part) => filled(part, columns));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, filled(part, columns)]),
  );
}
