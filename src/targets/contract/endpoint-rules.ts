import { randomBytes } from 'node:crypto';

import { demand, head } from './raw-connection.js';
import {
  connected,
  demandBody,
  demandStatus,
  demandType,
  type Rule,
  type Subject,
} from './subject.js';

const mebibyte = 1024 * 1024;

/** Rounds and result of the generator in CONTRACT.md. */
const cpuResults: [number, string][] = [
  [0, '1'],
  [1, '1015568748'],
  [2, '1586005467'],
  [10, '2745540835'],
  [1000, '645503657'],
  [1_000_000, '366300225'],
];

export const endpointRules: Rule[] = [
  {
    rule: 'GET /plaintext answers “Hello, World!”',
    endpoint: 'plaintext',
    verify: (subject) => expectText(subject, '/plaintext', 'Hello, World!'),
  },
  {
    rule: 'GET /health answers “ok”',
    endpoint: 'health',
    verify: (subject) => expectText(subject, '/health', 'ok'),
  },
  {
    rule: 'GET /json answers the message as JSON',
    endpoint: 'json',
    verify: (subject) => expectJson(subject, '/json', '{"message":"Hello, World!"}'),
  },
  {
    rule: 'GET /users/:id answers the user of that id as JSON',
    endpoint: 'users',
    verify: async (subject) => {
      for (const id of ['42', 'a_B-7']) {
        await expectJson(subject, `/users/${id}`, `{"id":"${id}","name":"user ${id}"}`);
      }
    },
  },
  {
    rule: 'POST /echo answers the same bytes and type',
    endpoint: 'echo',
    verify: async (subject) => {
      for (const size of [0, 1, 100, mebibyte]) await expectEcho(subject, size, 'image/x-c1m');
      await expectEcho(subject, 10, null);
    },
  },
  {
    rule: 'GET /sleep/:ms answers after that long, never earlier, many at a time',
    endpoint: 'sleep',
    verify: async (subject) => {
      await expectSleep(subject, 0, 1_000);
      await expectSleep(subject, 20, 1_000);
      // One after the other they would take 10 s.
      await Promise.all(Array.from({ length: 50 }, () => expectSleep(subject, 200, 3_000)));
    },
  },
  {
    rule: 'GET /sleep/:ms refuses what is no number from 0 to 60000',
    endpoint: 'sleep',
    verify: (subject) =>
      expectRefused(subject, ['/sleep/x', '/sleep/-1', '/sleep/1.5', '/sleep/60001']),
  },
  {
    rule: 'GET /cpu/:n answers the result of n rounds',
    endpoint: 'cpu',
    verify: (subject) =>
      connected(subject, async (connection) => {
        for (const [rounds, result] of cpuResults) {
          const to = `GET /cpu/${rounds}`;
          const response = await connection.get(`/cpu/${rounds}`);
          demandBody(response, result, to);
          demandType(response, 'text/plain', to);
        }
      }),
  },
  {
    rule: 'GET /cpu/:n refuses what is no number from 0 to 10000000',
    endpoint: 'cpu',
    verify: (subject) => expectRefused(subject, ['/cpu/x', '/cpu/-1', '/cpu/10000001']),
  },
  {
    rule: 'A query does not take part in the choice of the endpoint',
    endpoint: 'plaintext',
    verify: (subject) => expectText(subject, '/plaintext?a=/json&b', 'Hello, World!'),
  },
  {
    rule: 'An unknown path is answered with 404',
    referenceOnly: true,
    verify: (subject) =>
      connected(subject, async (connection) => {
        for (const path of ['/no-such-path', '/', '/plaintextx']) {
          demandStatus(await connection.get(path), [404], `GET ${path}`);
        }
      }),
  },
  {
    rule: 'A wrong method is answered with 405 (bare: or 404)',
    referenceOnly: true,
    verify: async (subject) => {
      const allowed = subject.family === 'bare' ? [405, 404] : [405];
      await connected(subject, async (connection) => {
        connection.send(head('POST', '/plaintext', 'Content-Length: 0'));
        demandStatus(await connection.response(), allowed, 'POST /plaintext');
      });
      await connected(subject, async (connection) => {
        demandStatus(await connection.get('/echo'), allowed, 'GET /echo');
      });
    },
  },
];

function expectText(subject: Subject, path: string, expected: string): Promise<void> {
  return connected(subject, async (connection) => {
    const response = await connection.get(path);
    demandBody(response, expected, `GET ${path}`);
    demandType(response, 'text/plain', `GET ${path}`);
  });
}

function expectJson(subject: Subject, path: string, expected: string): Promise<void> {
  return connected(subject, async (connection) => {
    const response = await connection.get(path);
    const body = response.body.toString('utf8');
    demandStatus(response, [200], `GET ${path}`);
    demand(!body.endsWith('\n'), `the body of GET ${path} ends in a line feed`);
    demandType(response, 'application/json', `GET ${path}`);
    let members: string;
    try {
      members = JSON.stringify(JSON.parse(body));
    } catch {
      members = body;
    }
    demand(members === expected, `GET ${path} was answered with ${body}, not ${expected}`);
  });
}

function expectEcho(subject: Subject, size: number, type: string | null): Promise<void> {
  return connected(subject, async (connection) => {
    const body = randomBytes(size);
    const fields = type === null ? [] : [`Content-Type: ${type}`];
    connection.send(head('POST', '/echo', ...fields, `Content-Length: ${size}`));
    connection.send(body);
    const response = await connection.response(10_000);
    const to = `POST /echo with ${size} bytes`;
    demandStatus(response, [200], to);
    demand(
      response.body.equals(body),
      `${to} came back with other bytes (${response.body.length})`,
    );
    demandType(response, type ?? 'application/octet-stream', to);
  });
}

function expectSleep(subject: Subject, ms: number, limitMs: number): Promise<void> {
  return connected(subject, async (connection) => {
    const sentAt = performance.now();
    demandBody(await connection.get(`/sleep/${ms}`), 'slept', `GET /sleep/${ms}`);
    const tookMs = performance.now() - sentAt;
    demand(tookMs >= ms, `GET /sleep/${ms} was answered after ${tookMs.toFixed(2)} ms`);
    demand(tookMs <= ms + limitMs, `GET /sleep/${ms} took ${tookMs.toFixed(0)} ms`);
  });
}

async function expectRefused(subject: Subject, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await connected(subject, async (connection) => {
      demandStatus(await connection.get(path), [400], `GET ${path}`);
    });
  }
}
