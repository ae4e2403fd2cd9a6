import { setTimeout as sleep } from 'node:timers/promises';

import { demand, head, RawConnection } from './raw-connection.js';
import { connected, demandRefusal, demandStatus, type Rule, type Subject } from './subject.js';

const malformed: [string, string][] = [
  // Longer than the preface of HTTP/2's first line, for which a server that speaks both waits.
  ['a request line that is none', 'GARBAGEGARBAGE\r\n\r\n'],
  ['a request line with a wrong protocol', 'GET /health FTP/1.1\r\nHost: c1m\r\n\r\n'],
  ['a field without a colon', head('GET', '/health', 'no colon here')],
  ['a Content-Length that is no number', head('POST', '/echo', 'Content-Length: five')],
  [
    'two Content-Lengths that contradict each other',
    head('POST', '/echo', 'Content-Length: 5', 'Content-Length: 6'),
  ],
];

export const misbehaviourRules: Rule[] = [
  {
    rule: 'Header fields of 8 KiB are accepted, in one field or in many',
    verify: async (subject) => {
      const one = `X-Padding: ${'x'.repeat(7_900)}`;
      const many = Array.from({ length: 150 }, (_, index) => `X-Field-${index}: ${'x'.repeat(35)}`);
      for (const fields of [[one], many]) {
        await connected(subject, async (connection) => {
          const response = await connection.getWith(subject.knownPath, fields);
          demandStatus(response, [200], `a request with ${fields.length} fields, 8 KiB in all`);
        });
      }
    },
  },
  {
    rule: 'Header fields above 16 KiB are answered with 431 and close, also without an end',
    referenceOnly: true,
    verify: async (subject) => {
      await connected(subject, async (connection) => {
        connection.send(head('GET', subject.knownPath, `X-Padding: ${'x'.repeat(20_000)}`));
        await demandRefusal(connection, [431], '20,000 bytes of header');
      });
      await connected(subject, async (connection) => {
        connection.send(`GET ${subject.knownPath} HTTP/1.1\r\nHost: c1m\r\n`);
        // Some libraries count fields, and let thousands through.
        const fields = `X-More: ${'x'.repeat(2_000)}\r\n`.repeat(10);
        const endless = setInterval(() => connection.send(fields), 2);
        const answer = await connection.response().catch(() => null);
        clearInterval(endless);
        // Where a library reads the head, what it says at its own limit is out of our hands.
        if (subject.family === 'bare') {
          demand(answer?.status === 431, 'a header without an end was not answered with 431');
        }
        demand(await connection.closes(), 'the connection stayed open on a header without an end');
      });
    },
  },
  {
    rule: 'Malformed requests are answered with 400 and close',
    referenceOnly: true,
    verify: async (subject) => {
      for (const [what, bytes] of malformed) {
        await connected(subject, async (connection) => {
          connection.send(bytes);
          await demandRefusal(connection, [400], what);
        });
      }
    },
  },
  {
    rule: 'Clients that reset, stop halfway or leave do no harm',
    verify: async (subject) => {
      const halves = [
        '',
        'GET /hea',
        head('POST', '/echo', 'Content-Length: 1000') + 'only this',
        head('GET', subject.serves.includes('sleep') ? '/sleep/100' : subject.knownPath),
      ];
      for (const bytes of halves) {
        await abandon(subject, bytes, (connection) => connection.reset());
        await abandon(subject, bytes, (connection) => connection.close());
      }
      await sleep(200);
      await connected(subject, async (connection) => {
        demandStatus(await connection.get(subject.knownPath), [200], 'a request afterwards');
      });
    },
  },
];

async function abandon(
  subject: Subject,
  bytes: string,
  leave: (connection: RawConnection) => void,
): Promise<void> {
  const connection = await RawConnection.open(subject.url);
  if (bytes !== '') connection.send(bytes);
  await sleep(20);
  leave(connection);
}
