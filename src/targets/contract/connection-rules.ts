import { setTimeout as sleep } from 'node:timers/promises';

import { demand, head } from './raw-connection.js';
import { connected, demandBody, demandStatus, type Rule } from './subject.js';

export const connectionRules: Rule[] = [
  {
    rule: 'A connection stays open from request to request',
    verify: (subject) =>
      connected(subject, async (connection) => {
        for (let count = 0; count < 5; count++) {
          demandStatus(await connection.get(subject.knownPath), [200], `request ${count + 1}`);
        }
      }),
  },
  {
    rule: 'Connection: close is honoured, in any case of letters',
    verify: async (subject) => {
      for (const field of ['Connection: close', 'connection: Close', 'CONNECTION: CLOSE']) {
        await connected(subject, async (connection) => {
          demandStatus(await connection.getWith(subject.knownPath, [field]), [200], field);
          demand(await connection.closes(), `the connection stayed open after “${field}”`);
        });
      }
    },
  },
  {
    rule: 'A request may arrive in single bytes',
    verify: (subject) =>
      connected(subject, async (connection) => {
        for (let count = 0; count < 2; count++) {
          await connection.sendBytewise(head('GET', subject.knownPath, 'X-Padding: c1m'));
          demandStatus(await connection.response(), [200], 'a request in single bytes');
        }
      }),
  },
  {
    rule: 'A request with a body may arrive in single bytes',
    endpoint: 'echo',
    verify: (subject) =>
      connected(subject, async (connection) => {
        await connection.sendBytewise(`${head('POST', '/echo', 'Content-Length: 5')}12345`);
        demandBody(await connection.response(), '12345', 'POST /echo in single bytes');
        // The body of one request and the next one in the same write.
        connection.send(head('POST', '/echo', 'Content-Length: 3'));
        await sleep(20);
        connection.send(`abc${head('GET', subject.knownPath)}`);
        demandBody(await connection.response(), 'abc', 'POST /echo, its body in another write');
        demandStatus(await connection.response(), [200], 'the request right behind a body');
      }),
  },
  {
    rule: 'Pipelined requests are answered in order',
    endpoint: 'users',
    verify: (subject) =>
      connected(subject, async (connection) => {
        const ids = Array.from({ length: 50 }, (_, index) => String(index));
        connection.send(ids.map((id) => head('GET', `/users/${id}`)).join(''));
        for (const id of ids) {
          const body = (await connection.response()).body.toString('utf8');
          demand(
            body.includes(`"user ${id}"`),
            `the pipelined request for user ${id} was answered with ${body}`,
          );
        }
      }),
  },
  {
    rule: 'An answer that is ready does not wait for a later request of its batch',
    endpoint: 'sleep',
    referenceOnly: true,
    verify: (subject) =>
      connected(subject, async (connection) => {
        const sentAt = performance.now();
        connection.send(head('GET', subject.knownPath) + head('GET', '/sleep/1000'));
        demandStatus(await connection.response(), [200], 'the first of two');
        const tookMs = performance.now() - sentAt;
        demand(
          tookMs < 800,
          `the first answer came after ${tookMs.toFixed(0)} ms, with the second`,
        );
        demandBody(await connection.response(), 'slept', 'the second of two');
      }),
  },
  {
    rule: 'A chunked request body is read (bare: or answered with 411 and close)',
    endpoint: 'echo',
    referenceOnly: true,
    verify: (subject) =>
      connected(subject, async (connection) => {
        connection.send(head('POST', '/echo', 'Transfer-Encoding: chunked'));
        connection.send('3\r\nabc\r\n');
        await sleep(20);
        connection.send('5\r\ndefgh\r\n0\r\n\r\n');
        const response = await connection.response();
        if (subject.family === 'bare' && response.status === 411) {
          demand(await connection.closes(), 'the connection stayed open after 411');
          return;
        }
        demandBody(response, 'abcdefgh', 'POST /echo in chunks');
        demandStatus(await connection.get(subject.knownPath), [200], 'the request after chunks');
      }),
  },
  {
    rule: 'Expect: 100-continue is answered or ignored',
    endpoint: 'echo',
    referenceOnly: true,
    verify: (subject) =>
      connected(subject, async (connection) => {
        connection.send(head('POST', '/echo', 'Content-Length: 5', 'Expect: 100-continue'));
        await sleep(100);
        connection.send('12345');
        demandBody(await connection.response(), '12345', 'POST /echo with Expect: 100-continue');
      }),
  },
  {
    rule: 'A body where none belongs is never taken for the next request',
    endpoint: 'users',
    verify: (subject) =>
      connected(subject, async (connection) => {
        const body = head('GET', '/users/smuggled');
        connection.send(head('GET', subject.knownPath, `Content-Length: ${body.length}`) + body);
        demandStatus(await connection.response(), [200, 400], 'a GET with a body');
        if (await connection.closes(300)) return;
        const next = await connection.get('/users/7');
        const text = next.body.toString('utf8');
        demand(text.includes('user 7'), `the request after it was answered with ${text}`);
      }),
  },
];
