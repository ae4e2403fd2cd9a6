import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { transportOf, type LoadPlan, type Origin } from './plan.js';

/** What a connection speaks, as it was agreed on with the server. */
export interface Negotiated {
  readonly http: '1.1' | '2' | 'websocket';
  readonly transport: ReturnType<typeof transportOf>;
  /** Null: none. */
  readonly tls: {
    readonly version: string;
    readonly cipher: string;
    /** What of it names the protocol (RFC 7301); null: the server left it open. */
    readonly alpn: string | null;
  } | null;
  /** How many requests the server takes at once on a connection, where that is fewer than asked for. */
  readonly streams?: number;
}

/** TLS handshakes that were completed. */
export interface Handshakes {
  full: number;
  /** Those that took up an earlier session. */
  resumed: number;
}

export const noHandshakes: Readonly<Handshakes> = { full: 0, resumed: 0 };

export function negotiatedOn(
  socket: Socket,
  http: Negotiated['http'],
  origin: Pick<Origin, 'address'>,
): Negotiated {
  const transport = transportOf(origin);
  if (!(socket instanceof TLSSocket)) return { http, transport, tls: null };
  const version = socket.getProtocol() ?? 'unknown';
  // Node gives null while it is not known, and false where the server chose none.
  const alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null;
  return { http, transport, tls: { version, cipher: socket.getCipher().name, alpn } };
}

/** Each once. */
export function distinct(all: readonly Negotiated[]): Negotiated[] {
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
}

function isSame(one: Negotiated, other: Negotiated): boolean {
  return (
    one.http === other.http &&
    one.streams === other.streams &&
    one.transport === other.transport &&
    one.tls?.version === other.tls?.version &&
    one.tls?.cipher === other.tls?.cipher &&
    one.tls?.alpn === other.tls?.alpn
  );
}

/** What the connections of a thread have come to, of one protocol and how many requests at once. */
export class Agreement {
  readonly #plain: readonly Negotiated[];
  readonly #asked: number;
  /** At once on a connection; fewer than asked for where a server takes no more. */
  #fewest: number;
  #isReached: boolean;

  /** @param codec the protocol's; without an outbox, nothing has to be agreed on */
  constructor(
    { origins }: Pick<LoadPlan, 'origins'>,
    { http, outgoing }: { readonly http: Negotiated['http']; readonly outgoing: object | null },
    asked: number,
  ) {
    this.#plain = distinct(
      origins.map((origin) => ({ http, transport: transportOf(origin), tls: null })),
    );
    this.#asked = asked;
    this.#fewest = asked;
    this.#isReached = outgoing === null;
  }

  /** A connection is good for so many requests at once. */
  reached(most: number): void {
    this.#isReached = true;
    if (most < this.#fewest) this.#fewest = most;
  }

  /** @param secured what TLS has agreed on; null: there is none */
  with(secured: readonly Negotiated[] | null): readonly Negotiated[] {
    const agreed = secured ?? (this.#isReached ? this.#plain : []);
    if (this.#fewest === this.#asked) return agreed;
    return agreed.map((one) => ({ ...one, streams: this.#fewest }));
  }
}
