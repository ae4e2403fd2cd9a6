import { parseTemplate } from '../load/protocol/http1/template.js';
import type { DataTable, RequestSpec } from '../load/plan.js';

/**
 * The request with a Content-Type, where it has a body and names none: JSON is said to be JSON, any
 * other text to be text. Of the octets of a file nothing is known unless they are JSON.
 */
export function withContentType(request: RequestSpec, data: DataTable | null): RequestSpec {
  const { body, headers } = request;
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const type = isNamed || body === null ? null : typeOf(body, data);
  return type === null ? request : { ...request, headers: [['Content-Type', type], ...headers] };
}

function typeOf(body: string | Uint8Array, data: DataTable | null): string | null {
  if (typeof body !== 'string') return isJson(decoded(body)) ? 'application/json' : null;
  if (body === '') return null;
  return isJson(filled(body, data)) ? 'application/json' : 'text/plain; charset=utf-8';
}

/** An object or a list: a lone number or word is JSON as well, but seldom meant to be. */
function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** With a digit in each placeholder, which fits in within quotes and without. */
function filled(template: string, data: DataTable | null): string {
  return parseTemplate(template, data?.columns ?? [])
    .map((part) => (part.kind === 'text' ? part.text : '1'))
    .join('');
}

/** Empty where it is no text. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return '';
  }
}
