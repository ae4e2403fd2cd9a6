import type { Origin, UnresolvedOrigin } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
import { encodeTyped } from './url-encoding.js';
import { keptUrl } from './secrets.js';
import { unixUrl, type UnixUrl } from './unix-url.js';

export interface TargetUrl {
  /** As it may be shown and stored: without credentials and values. */
  readonly href: string;
  readonly origin: UnresolvedOrigin;
  /** With its query, as it goes on the wire; placeholders are left as they are. */
  readonly path: string;
  /** The value of an Authorization header for the URL's user and password. */
  readonly authorization: string | null;
}

const remedy =
  'Write a URL such as http://localhost:8080/path, localhost:8080, :8080, :9100-9155 or unix:/run/app.sock.';

/** A WebSocket begins as a request of HTTP (RFC 6455 §3). */
const schemes: Readonly<Record<string, Pick<Origin, 'protocol' | 'webSocket'>>> = {
  'http:': { protocol: 'http:' },
  'https:': { protocol: 'https:' },
  'ws:': { protocol: 'http:', webSocket: true },
  'wss:': { protocol: 'https:', webSocket: true },
};

/** Scheme, host and port, then path and query; the name of a column may hold a `#`. */
const wholeUrl = /^(?:([a-z][a-z0-9+.-]*):)?\/\/([^/?#]*)((?:\{row\.[^{}]*\}|[^#])*)/i;

/**
 * The path is not taken from `URL`, which would encode the braces of placeholders and fold `..`:
 * a load test sends what was asked for.
 */
export function parseTargetUrl(written: string): TargetUrl | Problem {
  const wrong = (message: string): Problem => ({
    where: 'URL',
    message: `"${keptUrl(written)}" ${message}`,
    remedy,
  });
  const local = unixUrl(written.trim());
  if (local?.socket.ok === false) {
    const { message, remedy } = local.socket;
    return { where: 'URL', message, remedy };
  }
  const match = wholeUrl.exec(complete(local === null ? written.trim() : overTcp(local)));
  if (!match) return wrong('is not a URL');
  const [, scheme = 'http', authority = '', rest = ''] = match;
  const protocol = `${scheme.toLowerCase()}:`;
  const spoken = schemes[protocol];
  if (spoken === undefined) return wrong('is none of http, https, ws and wss');
  // `URL` would drop a tab without a word, and take a backslash for the end of the host.
  if (/[\s\\\0-\x1f\x7f]/.test(authority)) return wrong('has no valid host and port');
  const address = `${protocol}//${authority}/`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || authority === '' || url.port === '0') {
    return wrong('has no valid host and port');
  }

  const path = encodeTyped(rest.startsWith('/') ? rest : `/${rest}`);
  const usualPort = spoken.protocol === 'https:' ? 443 : 80;
  const credentials = authorizationOf(url);
  const socket = local?.socket.ok === true ? local.socket.value : null;
  if (credentials === undefined) return wrong('has credentials that are not percent-encoded');
  return {
    href: keptUrl(`${protocol}//${socket === null ? url.host : `unix:${socket}:`}${path}`),
    origin: {
      ...spoken,
      hostname: url.hostname,
      port: url.port === '' ? usualPort : Number(url.port),
      ...(socket === null ? {} : { socket }),
    },
    path,
    authorization: credentials,
  };
}

/** An origin as `--unix` has it reached. */
export function reachedBy(unix: string | null, origin: UnresolvedOrigin): UnresolvedOrigin {
  return unix === null ? origin : { ...origin, socket: unix };
}

/** What is asked for, of a host by the name that a server behind a Unix socket hears most often. */
function overTcp({ scheme = 'http', rest }: UnixUrl): string {
  return `${scheme}://localhost${rest}`;
}

/** `:8080/x` and `localhost:8080/x` lack what every URL begins with. */
function complete(written: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(written)) return written;
  return `http://${written.startsWith(':') ? 'localhost' : ''}${written}`;
}

/** null: none are given; undefined: they cannot be read. */
function authorizationOf({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString('base64')}`;
  } catch {
    return undefined;
  }
}
