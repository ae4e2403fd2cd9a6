import type { Manifest, Served } from '../manifest.js';
import { Http2Connection } from './http2-connection.js';
import { demand, RawConnection, type RawResponse } from './raw-connection.js';

/** The server under check. */
export interface Subject {
  url: URL;
  serves: Manifest['serves'];
  family: Manifest['family'];
  /** A path that it answers with 200 to GET, whatever it serves. */
  knownPath: string;
  idleSeconds: number;
  /** It speaks HTTP/1.1, and not HTTP/2 alone. */
  http1: boolean;
  /** Where it answers /probe; null unless it serves that. */
  probeUrl: string | null;
}

/** One sentence of the contract and how to find out whether it holds. */
export interface Rule {
  rule: string;
  /** Only for servers that list this endpoint, or all of these. */
  endpoint?: Served | readonly Served[];
  /** The reference servers' duty, not that of servers which users bring. */
  referenceOnly?: true;
  verify: (subject: Subject) => Promise<void>;
}

/** A connection on which one request after the other is made. */
export interface Asker {
  get(path: string, timeoutMs?: number): Promise<RawResponse>;
  readonly closed: boolean;
  close(): void;
}

/** A connection of what the server speaks, for rules of what has nothing to do with how it is asked. */
export function openAsker({ url, http1 }: Subject): Promise<Asker> {
  return http1 ? RawConnection.open(url) : Http2Connection.open(url);
}

/** As `connected`, over what the server speaks. */
export async function asking(
  subject: Subject,
  work: (connection: Asker) => Promise<void>,
): Promise<void> {
  const connection = await openAsker(subject);
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

/** Opens a connection of HTTP/1.1, does the work with it and closes it. */
export async function connected(
  subject: Subject,
  work: (connection: RawConnection) => Promise<void>,
): Promise<void> {
  const connection = await RawConnection.open(subject.url);
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

export function demandStatus(response: RawResponse, allowed: readonly number[], to: string): void {
  demand(
    allowed.includes(response.status),
    `${to} was answered with ${response.status}, not ${allowed.join(' or ')}`,
  );
}

export function demandBody(response: RawResponse, expected: string, to: string): void {
  demandStatus(response, [200], to);
  const body = response.body.toString('utf8');
  demand(body === expected, `${to} was answered with ${quote(body)}, not ${quote(expected)}`);
}

export function demandType(response: RawResponse, expected: string, to: string): void {
  const type = response.headers.get('content-type') ?? 'none';
  demand(
    type === expected || /^; ?charset=utf-8$/i.test(type.slice(expected.length)),
    `${to} has the Content-Type ${type}, not ${expected}`,
  );
}

/** The connection has to be closed, and what was answered before has to arrive in full. */
export async function demandRefusal(
  connection: RawConnection,
  allowed: readonly number[],
  to: string,
): Promise<void> {
  demandStatus(await connection.response(), allowed, to);
  demand(await connection.closes(), `the connection stayed open after ${to}`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
