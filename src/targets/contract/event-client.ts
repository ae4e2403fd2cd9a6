import { demand, head, RawConnection, type Parser } from './raw-connection.js';
import { Http2Connection } from './http2-connection.js';
import type { Subject } from './subject.js';

/** A stream of events that has begun. */
interface EventClient {
  close(): void;
  /** Leaves without a word, where the protocol has that. */
  reset?(): void;
}

/** Asks for events, and resolves when the first has come. */
export async function eventClient({ url, http1 }: Subject, path: string): Promise<EventClient> {
  if (!http1) {
    const connection = await Http2Connection.open(url);
    const stream = connection.begin(path);
    const began = await new Promise<boolean>((resolve) => {
      stream.on('data', () => resolve(true));
      stream.on('close', () => resolve(false));
    });
    demand(began, `GET ${path} ended before its first event`);
    return connection;
  }
  const connection = await RawConnection.open(url);
  connection.send(head('GET', path));
  await connection.responseHead();
  await connection.take(`first event of ${path}`, chunk);
  return connection;
}

/** A chunk of a body in chunks (RFC 9112 §7.1); the last is empty. */
export const chunk: Parser<Buffer> = (received) => {
  const lineEnd = received.indexOf('\r\n');
  if (lineEnd < 0) return null;
  const line = received.toString('latin1', 0, lineEnd);
  demand(/^[0-9a-f]+$/i.test(line), `a chunk begins with “${line.slice(0, 60)}”`);
  const start = lineEnd + 2;
  const end = start + parseInt(line, 16);
  if (received.length < end + 2) return null;
  demand(received.toString('latin1', end, end + 2) === '\r\n', 'a chunk is longer than it says');
  return { value: received.subarray(start, end), octets: end + 2 };
};
