import type { Origin, RequestSpec } from '../../plan.js';
import { isHeaderValue, isToken } from './bytes.js';
import { RequestError } from './request-error.js';

/** A header field, its value yet a template. */
type Field = readonly [name: string, value: string];

/** Methods whose missing body a server must be told of (RFC 9110 §8.6). */
const BODY_METHODS = ['POST', 'PUT', 'PATCH'];

/**
 * The user's fields with those that every request has, unless the user gave them.
 * @throws RequestError for what may not go on the wire
 */
export function requestFields(request: RequestSpec, origin: Origin, userAgent: string): Field[] {
  checkMethod(request.method);
  const given = new Set<string>();
  for (const field of request.headers) checkField(field, given);
  const defaults: Field[] = [
    ['Host', hostField(origin)],
    // The version of c1m is no template.
    ['User-Agent', userAgent.replaceAll('{', '{{')],
    // As browsers have it (WHATWG HTML §9.2.2).
    ['Accept', request.stream === 'sse' ? 'text/event-stream' : '*/*'],
  ];
  if (request.body !== null) defaults.push(['Content-Type', 'application/octet-stream']);
  return [...defaults.filter(([name]) => !given.has(name.toLowerCase())), ...request.headers];
}

/** Whether Content-Length is sent. */
export function hasLength({ method, body }: RequestSpec): boolean {
  return body !== null || BODY_METHODS.includes(method);
}

/** Whether the user says that the body is JSON (RFC 8259, and RFC 6839 for `+json`). */
export function saysJson({ headers }: RequestSpec): boolean {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return /^[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** A literal piece of a path, query included (RFC 9112 §3.2.1). */
export function checkPathText(text: string, path: string): void {
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new RequestError(
      `The path "${path}" must hold no spaces or control characters; percent-encode what is not ASCII`,
    );
  }
  if (text.includes('#')) {
    throw new RequestError(`The path "${path}" has a fragment, which is never sent; leave out "#"`);
  }
}

function checkMethod(method: string): void {
  if (!isToken(method)) throw new RequestError(`"${method}" is not an HTTP method, such as GET`);
  if (method === 'CONNECT') {
    throw new RequestError('CONNECT asks for a tunnel, not for a response; use another method');
  }
}

function checkField([name, value]: Field, given: Set<string>): void {
  const lower = name.toLowerCase();
  if (!isToken(name)) throw new RequestError(`"${name}" is not the name of a header field`);
  if (!isHeaderValue(value)) {
    throw new RequestError(`The header "${name}" must hold no line breaks or control characters`);
  }
  if (lower === 'content-length' || lower === 'transfer-encoding') {
    throw new RequestError(`c1m frames the body itself; remove the header "${name}"`);
  }
  if (given.has(lower) && (lower === 'host' || lower === 'connection')) {
    throw new RequestError(`The header "${name}" is given twice; remove one`);
  }
  given.add(lower);
}

/** The port is left out where it is the scheme's own (RFC 9110 §7.2). */
function hostField({ protocol, hostname, port }: Origin): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  return port === (protocol === 'https:' ? 443 : 80) ? host : `${host}:${port}`;
}
