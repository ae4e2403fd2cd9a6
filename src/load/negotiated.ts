import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What a connection speaks, as it was agreed on with the server. */
export interface Negotiated {
  readonly http: '1.1' | '2' | 'websocket';
  /** Null: none. */
  readonly tls: { readonly version: string; readonly cipher: string } | null;
  /** How many requests the server takes at once on a connection, where that is fewer than asked for. */
  readonly streams?: number;
}

export function negotiatedOn(socket: Socket, http: Negotiated['http']): Negotiated {
  if (!(socket instanceof TLSSocket)) return { http, tls: null };
  const version = socket.getProtocol() ?? 'unknown';
  return { http, tls: { version, cipher: socket.getCipher().name } };
}

/** Each once. */
export function distinct(all: readonly Negotiated[]): Negotiated[] {
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
}

function isSame(one: Negotiated, other: Negotiated): boolean {
  return (
    one.http === other.http &&
    one.streams === other.streams &&
    one.tls?.version === other.tls?.version &&
    one.tls?.cipher === other.tls?.cipher
  );
}
