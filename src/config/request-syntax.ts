import { isHeaderValue, isToken } from '../load/protocol/http1/bytes.js';
import { keptUrl } from './secrets.js';
import type { Parsed } from '../basis/units.js';

/** Methods in the case that servers know them in; those of the user's own are left as written. */
export function parseMethod(written: string): Parsed<string> {
  const standard = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
  const remedy = `Write one such as ${standard.slice(0, 6).join(', ')}.`;
  const upper = written.toUpperCase();
  if (!isToken(written)) return failed(written, 'is not a method', remedy);
  if (upper === 'CONNECT') return failed(written, 'asks for a tunnel, not a response', remedy);
  return { ok: true, value: standard.includes(upper) ? upper : written };
}

/** A path with its query, as it goes on the wire. */
export function parsePath(written: string): Parsed<string> {
  const remedy = 'Write a path such as /users/{rand:1:1000}?limit=10, percent-encoded, without #.';
  if (!written.startsWith('/')) return failed(keptUrl(written), 'does not start with /', remedy);
  // Only the name of a column, which is never sent, may hold more.
  const sent = written.replace(/\{row\.[^{}]*\}/g, '');
  if (!/^[\x21-\x7e]+$/.test(sent)) {
    return failed(keptUrl(written), 'has characters that must be percent-encoded', remedy);
  }
  if (sent.includes('#')) {
    return failed(keptUrl(written), 'has a fragment, which is never sent', remedy);
  }
  return { ok: true, value: written };
}

/** @param toClose what the user writes where each request is to have a connection of its own */
export function parseHeader(
  name: string,
  value: string,
  toClose: '--no-keepalive' | 'keepAlive: false',
): Parsed<readonly [string, string]> {
  const remedy = "Write a header such as 'Accept: text/plain'.";
  if (!isToken(name)) return failed(name, 'is not the name of a header', remedy);
  if (/^(content-length|transfer-encoding)$/i.test(name)) {
    return failed(name, 'is set by c1m itself', 'Remove it; c1m sends the length of the body.');
  }
  if (/^connection$/i.test(name)) {
    const instead = `Remove it; ${toClose} closes the connection after each response.`;
    return failed(name, 'is set by c1m itself', instead);
  }
  // A line break here would let one header write another (request smuggling).
  if (!isHeaderValue(value)) {
    const message = `the value of ${name} has a line break or control character`;
    return { ok: false, message, remedy };
  }
  return { ok: true, value: [name, value.trim()] };
}

function failed(written: string, what: string, remedy: string): Parsed<never> {
  return { ok: false, message: `${JSON.stringify(written)} ${what}`, remedy };
}
