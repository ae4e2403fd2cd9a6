import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { FrameType, magic } from '../../load/protocol/http2/frames.js';
import { demandEvents } from './event-rules.js';
import { Http2Connection } from './http2-connection.js';
import { demand, RawConnection, type Parser } from './raw-connection.js';
import { demandBody, demandStatus, demandType, type Rule, type Subject } from './subject.js';

const mebibyte = 1024 * 1024;
/** What a server has to allow at once on each connection (RFC 9113 §6.5.2). */
const streams = 100;

/** Path, type and body of what needs no parameters. */
const answers = {
  plaintext: ['/plaintext', 'text/plain', 'Hello, World!'],
  json: ['/json', 'application/json', '{"message":"Hello, World!"}'],
  users: ['/users/42', 'application/json', '{"id":"42","name":"user 42"}'],
  cpu: ['/cpu/1000', 'text/plain', '645503657'],
  health: ['/health', 'text/plain', 'ok'],
} as const;

export const http2Rules: Rule[] = [
  {
    rule: 'HTTP/2 by prior knowledge answers what HTTP/1.1 does',
    endpoint: 'http2',
    verify: (subject) =>
      over(subject, {}, async (connection) => {
        for (const [endpoint, [path, type, body]] of Object.entries(answers)) {
          if (!subject.serves.includes(endpoint as keyof typeof answers)) continue;
          const response = await connection.get(path);
          const compact = { ...response, body: withoutSpace(response.body, type) };
          demandBody(compact, body, `GET ${path} over HTTP/2`);
          demandType(response, type, `GET ${path} over HTTP/2`);
        }
        if (subject.serves.includes('events')) {
          const response = await connection.get('/events/2000');
          demandType(response, 'text/event-stream', 'GET /events/2000 over HTTP/2');
          demandEvents(response.body.toString('utf8'), 2_000, '/events/2000');
        }
        demandStatus(await connection.get(subject.knownPath), [200], 'a last request over HTTP/2');
      }),
  },
  {
    rule: 'HTTP/2: unknown paths are answered with 404, wrong methods with 405, bad numbers with 400',
    endpoint: ['http2', 'echo', 'sleep'],
    referenceOnly: true,
    verify: (subject) =>
      over(subject, {}, async (connection) => {
        for (const [path, status] of [
          ...[['/no-such-path', 404] as const, ['/', 404] as const],
          ...[['/echo', 405] as const, ['/sleep/x', 400] as const, ['/sleep/60001', 400] as const],
        ]) {
          demandStatus(await connection.get(path), [status], `GET ${path} over HTTP/2`);
        }
      }),
  },
  {
    rule: 'HTTP/2: bodies go through windows of 1 KiB, and may arrive in single bytes',
    endpoint: ['http2', 'echo'],
    verify: async (subject) => {
      const ways = [
        [{}, mebibyte],
        [{ windowBytes: 1024 }, 100_000],
        [{ bytewise: true }, 100],
      ] as const;
      for (const [options, size] of ways) {
        await over(subject, options, async (connection) => {
          const body = randomBytes(size);
          const type = { 'content-type': 'image/x-c1m' };
          const response = await connection.post('/echo', type, body);
          const to = `POST /echo with ${size} bytes over HTTP/2`;
          demandStatus(response, [200], to);
          demandType(response, 'image/x-c1m', to);
          demand(
            response.body.equals(body),
            `${to} came back with other bytes (${response.body.length})`,
          );
        });
      }
    },
  },
  {
    rule: `HTTP/2: ${streams} streams of one connection are answered side by side`,
    endpoint: ['http2', 'sleep'],
    verify: (subject) =>
      over(subject, {}, async (connection) => {
        const sentAt = performance.now();
        await Promise.all(
          Array.from({ length: streams }, async () => {
            demandBody(await connection.get('/sleep/200'), 'slept', 'GET /sleep/200 over HTTP/2');
          }),
        );
        // One after the other they would take 20 s.
        const tookMs = performance.now() - sentAt;
        demand(tookMs < 5_000, `${streams} of /sleep/200 took ${tookMs.toFixed(0)} ms together`);
      }),
  },
  {
    rule: 'HTTP/2: streams that are reset, clients that leave and frames that are none harm no other',
    endpoint: 'http2',
    verify: (subject) =>
      over(subject, {}, async (other) => {
        const long = subject.serves.includes('sleep') ? '/sleep/300' : subject.knownPath;
        const paths = [long, ...(subject.serves.includes('events') ? ['/events/10000/1'] : [])];
        for (const path of paths) {
          await over(subject, {}, async (connection) => {
            const stream = connection.begin(path);
            await sleep(50);
            stream.close();
            connection.begin(path);
            await sleep(50);
            demandStatus(await connection.get(subject.knownPath), [200], 'a request beside it');
          });
        }
        await demandEndOnGarbage(subject);
        await sleep(200);
        demandStatus(await other.get(subject.knownPath), [200], 'a request of another client');
      }),
  },
];

async function over(
  { url }: Subject,
  options: Parameters<typeof Http2Connection.open>[1],
  work: (connection: Http2Connection) => Promise<void>,
): Promise<void> {
  const connection = await Http2Connection.open(url, options);
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

/** DATA in stream 0, where RFC 9113 §6.1 has none. */
const garbage = Buffer.concat([
  magic,
  Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0),
  Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0, 42),
]);

/** It is told so by GOAWAY, or closes. */
async function demandEndOnGarbage({ url }: Subject): Promise<void> {
  const connection = await RawConnection.open(url);
  try {
    connection.send(garbage);
    for (let type = -1; type !== FrameType.goaway && !connection.closed;) {
      type = await connection.take('frame', frameType).catch(() => -1);
      demand(type >= 0 || connection.closed, 'DATA in stream 0 did not end the connection');
    }
  } finally {
    connection.close();
  }
}

const frameType: Parser<number> = (received) => {
  if (received.length < 9) return null;
  const octets = 9 + received.readUIntBE(0, 3);
  return received.length < octets ? null : { value: received[3]!, octets };
};

/** JSON may differ in white space. */
function withoutSpace(body: Buffer, type: string): Buffer {
  if (type !== 'application/json') return body;
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8'))));
  } catch {
    return body;
  }
}
