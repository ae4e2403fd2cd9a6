import { resolve } from 'node:path';
import { mostPathBytes } from '../basis/socket-path.js';
import type { Parsed } from '../basis/units.js';

/** A URL that names a Unix socket. */
export interface UnixUrl {
  /** As it stands before `unix:`, or before `+unix:`; undefined where nothing does. */
  readonly scheme: string | undefined;
  readonly socket: Parsed<string>;
  /** Path and query of what is asked for; empty where nothing is said of it. */
  readonly rest: string;
}

/**
 * The ways in which such URLs are written. `http://unix:8080/` is none: there, `unix` is a host.
 *
 *     unix:/run/app.sock            unix:///run/app.sock           (Docker)
 *     unix:/run/app.sock:/path      http://unix:/run/app.sock:/path   (nginx, got)
 *     http+unix://%2Frun%2Fapp.sock/path                        (requests-unixsocket)
 *     ws+unix:/run/app.sock:/path                                 (ws)
 */
const named = /^(?:([a-z]+):\/\/unix:|(?:([a-z]+)\+)?unix:(?:\/\/)?)(?=\.{0,2}\/|%2f)(.*)$/is;

/** null: it names none. */
export function unixUrl(written: string): UnixUrl | null {
  const [, before, plus, all] = named.exec(written) ?? [];
  if (all === undefined) return null;
  const scheme = before ?? plus;
  if (/^%2f/i.test(all)) {
    const [encoded = '', ...parts] = all.split(/(?=[/?#])/);
    return { scheme, socket: parseSocketPath(decoded(encoded)), rest: parts.join('') };
  }
  const [, path = all, rest = ''] = /^([^:]*):(.*)$/s.exec(all) ?? [];
  return { scheme, socket: parseSocketPath(path), rest };
}

/** As an absolute path, from `folder` on. Whether there is such a socket shows when it is connected to. */
export function parseSocketPath(written: string, folder = '.'): Parsed<string> {
  const value = resolve(folder, written);
  const length = Buffer.byteLength(value);
  if (written === '' || value.includes('\0')) {
    const message = `${JSON.stringify(written)} is no path`;
    return { ok: false, message, remedy: 'Write the path of a socket, such as /run/app.sock.' };
  }
  if (length <= mostPathBytes) return { ok: true, value };
  return {
    ok: false,
    message: `${value} is ${length} octets long, and the path of a Unix socket has ${mostPathBytes} at the most`,
    remedy: `Reach it by a shorter path: ln -s '${value}' /tmp/app.sock`,
  };
}

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
