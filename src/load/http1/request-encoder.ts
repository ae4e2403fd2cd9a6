import type { LoadPlan, Origin, RequestSpec } from '../plan.js';
import { BodyMatcher } from './body-matcher.js';
import { isToken } from './bytes.js';

/** A request as undici wants it. */
export interface DispatchRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: string[];
  readonly body: Buffer | null;
  readonly reset: boolean;
}

/** A request of the plan, put into bytes once, before the load begins (RFC 9112 §§3, 5 and 6). */
export interface CompiledRequest {
  readonly bytes: Buffer;
  /** No content follows the answer to HEAD. */
  readonly expectsNoBody: boolean;
  readonly bodyMatcher: BodyMatcher | null;
  readonly dispatch: DispatchRequest;
}

/** A request that cannot be put into bytes, with what to change. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

export function compileRequests(plan: LoadPlan, origin: Origin): CompiledRequest[] {
  return plan.requests.map((request) => compile(request, plan, origin));
}

function compile(request: RequestSpec, plan: LoadPlan, origin: Origin): CompiledRequest {
  check(request);
  const body = request.body === null ? null : Buffer.from(request.body as string);
  const headers = headerFields(request, plan, body);
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    ...(hasHeader(request, 'host') ? [] : [`Host: ${hostField(origin)}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === null ? [] : [`Content-Length: ${body.length}`]),
    ...(plan.keepAlive ? [] : ['Connection: close']),
  ];
  const { bodyContains } = request.expect;
  return {
    bytes: Buffer.concat([
      Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'),
      body ?? Buffer.alloc(0),
    ]),
    expectsNoBody: request.method === 'HEAD',
    bodyMatcher: bodyContains === null ? null : new BodyMatcher(bodyContains),
    dispatch: {
      path: request.path,
      method: request.method,
      headers: headers.flat(),
      body,
      reset: !plan.keepAlive,
    },
  };
}

function headerFields(request: RequestSpec, plan: LoadPlan, body: Buffer | null): string[][] {
  const defaults: (readonly [string, string])[] = [
    ['User-Agent', plan.userAgent],
    ['Accept', '*/*'],
    ...(body === null ? [] : [['Content-Type', 'application/octet-stream'] as const]),
  ];
  return [
    ...defaults.filter(([name]) => !hasHeader(request, name.toLowerCase())),
    ...request.headers,
  ].map(([name, value]) => [name, value]);
}

function hasHeader(request: RequestSpec, name: string): boolean {
  return request.headers.some(([given]) => given.toLowerCase() === name);
}

/** The port is left out where it is the scheme's own (RFC 9110 §7.2). */
function hostField({ protocol, hostname, port }: Origin): string {
  const usual = protocol === 'https:' ? 443 : 80;
  return port === usual ? hostname : `${hostname}:${port}`;
}

function check({ method, path, headers }: RequestSpec): void {
  if (!isToken(method)) throw new RequestError(`"${method}" is not an HTTP method, such as GET`);
  if (!/^\/[\x21-\x7e]*$/.test(path)) {
    throw new RequestError(
      `The path "${path}" must begin with "/" and hold no spaces; percent-encode what is not ASCII`,
    );
  }
  for (const [name, value] of headers) {
    if (!isToken(name)) throw new RequestError(`"${name}" is not the name of a header field`);
    if (/[\0\r\n]/.test(value)) {
      throw new RequestError(`The header "${name}" must not hold line breaks`);
    }
    if (/^(content-length|transfer-encoding|connection)$/i.test(name)) {
      throw new RequestError(
        `c1m sets the header "${name}" itself; remove it (for Connection: close use --no-keepalive)`,
      );
    }
  }
}
