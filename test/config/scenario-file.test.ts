import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/basis/problem.js';
import { tlsDefaults } from '../../src/tls/settings.js';
import { loadScenario, parseScenario } from '../../src/config/scenario-file.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-scenario-'));
writeFileSync(join(folder, 'users.csv'), 'id,name\n1,Ada\n');
writeFileSync(join(folder, 'ragged.csv'), 'id,name\n1\n');
writeFileSync(join(folder, 'body.bin'), Uint8Array.of(0, 255));
afterAll(() => rmSync(folder, { recursive: true }));

const here = join(folder, 's.yaml');

async function complaints(text: string): Promise<string> {
  const error: unknown = await parseScenario(text, here).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error('It was accepted');
  return error.message.replaceAll(`${folder}/`, '');
}

const minimal = `
name: minimal
requests: [{path: /}]
phases: [{duration: 1s, connections: 1}]
`;

describe('a scenario file', () => {
  it('is read with the defaults that it leaves out', async () => {
    expect(await parseScenario(minimal, here)).toEqual({
      name: 'minimal',
      description: '',
      requests: [
        {
          name: 'GET /',
          method: 'GET',
          path: '/',
          headers: [],
          body: null,
          weight: 1,
          expect: { status: null, bodyContains: null },
          stream: null,
        },
      ],
      data: null,
      phases: [
        {
          name: 'phase 1',
          durationMicros: 1e6,
          requests: null,
          connections: { from: 1, to: 1 },
          arrival: { kind: 'closed' },
          record: true,
        },
      ],
      keepAlive: true,
      timeoutMicros: 10e6,
      connectTimeoutMicros: 10e6,
      deadlineMicros: null,
      engine: 'auto',
      http2: false,
      webSocket: false,
      fanOut: false,
      tls: tlsDefaults,
      unix: null,
      proxyProtocol: null,
      streams: 1,
      threads: null,
      scheduling: null,
      targets: [],
      trials: 3,
      seed: 1,
      failIf: [],
    });
  });

  it('is read with everything that it may hold', async () => {
    const scenario = await parseScenario(
      `
name: everything
description: All keys
requests:
  - path: /users/{row.id}?n={rand:1:9}
    name: update a user
    method: put
    weight: 2.5
    headers: {Accept: [a/b, c/d], X-Count: 3}
    body: '{"name":"{row.name}","seq":{seq}}'
    expect: {status: 201, bodyContains: ok}
  - bodyFile: body.bin
data: users.csv
keepAlive: false
timeout: 2
connectTimeout: 500ms
deadline: 250ms
trials: 5
engine: undici
http2: true
seed: 7
phases:
  - {name: ramp, duration: 1m, connections: {from: 10, to: 1k}, rate: {from: 0, to: 5k/s}}
  - {name: text ramp, duration: 1m, connections: 10:1k, rate: 600:6k/m}
  - {name: hold, duration: 3s, connections: 1_000, rate: 0, touch: true}
  - {name: exact, requests: 10k, connections: 4, arrival: closed, record: false}
`,
      here,
    );
    expect(scenario.requests).toEqual([
      {
        name: 'update a user',
        method: 'PUT',
        path: '/users/{row.id}?n={rand:1:9}',
        headers: [
          ['Accept', 'a/b'],
          ['Accept', 'c/d'],
          ['X-Count', '3'],
        ],
        body: '{"name":"{row.name}","seq":{seq}}',
        weight: 2.5,
        expect: { status: 201, bodyContains: 'ok' },
        stream: null,
      },
      {
        name: 'POST',
        method: 'POST',
        path: '',
        headers: [],
        body: Buffer.from([0, 255]),
        weight: 1,
        expect: { status: null, bodyContains: null },
        stream: null,
      },
    ]);
    expect(scenario.data).toEqual({ columns: ['id', 'name'], rows: [['1', 'Ada']] });
    expect(scenario.phases.map(({ arrival }) => arrival)).toEqual([
      { kind: 'open', ratePerSecond: { from: 0, to: 5_000 } },
      { kind: 'open', ratePerSecond: { from: 10, to: 100 } },
      { kind: 'idle', touch: true },
      { kind: 'closed' },
    ]);
    expect(scenario).toMatchObject({
      ...{ keepAlive: false, timeoutMicros: 2e6, connectTimeoutMicros: 500e3 },
      ...{ deadlineMicros: 250e3, trials: 5, engine: 'undici', http2: true, seed: 7 },
    });
  });

  it('names requests that have no name by method and path, each otherwise and without secrets', async () => {
    const named = async (requests: string): Promise<string[]> => {
      const text = `{name: s, requests: [${requests}], phases: [{duration: 1s, connections: 1}]}`;
      return (await parseScenario(text, here)).requests.map(({ name }) => name);
    };
    expect(await named("{path: '/a/{seq}'}, {path: /b, body: x}, {}")).toEqual([
      ...['GET /a/{seq}', 'POST /b', 'GET'],
    ]);
    expect(await named('{path: /a}, {path: /a}, {path: /a}, {name: GET /a (2)}')).toEqual([
      ...['GET /a', 'GET /a (3)', 'GET /a (4)', 'GET /a (2)'],
    ]);
    expect(await named("{path: '/a?token=s3cr3t&n={seq}'}")).toEqual(['GET /a?token=…&n={seq}']);
  });

  it('gives no two requests one name', async () => {
    const text = `name: twice
requests:
  - {name: read, path: /a}
  - {path: /b, name: read}
phases: [{duration: 1s, connections: 1}]
`;
    expect(await complaints(text)).toBe(
      `s.yaml:4:22: requests[1].name: another request is named "read"
  Give each request a name of its own; results are told apart by it.`,
    );
  });

  it('has all its problems told at once, each at its place and with its remedy', async () => {
    const text = `name: Shop
requests:
  - path: users
    methd: GET
    headers: {Bad Name: x}
  - path: /a/{row.id}
    body: 12
    weight: 0
keepAlive: maybe
deadline: soon
phases:
  - durration: 3s
    connections: 0
  - connections: {from: 1, too: 4}
    duration: 1s
  - connections: [1]
    duration: 1s
engine: nett
trial: 3
`;
    expect(await complaints(text)).toBe(
      `s.yaml:1:7: name: "Shop" must be lower-case letters, digits and dashes
  Write a name such as name: checkout-flow.
s.yaml:3:11: requests[0].path: "users" does not start with /
  Write a path such as /users/{rand:1:1000}?limit=10, percent-encoded, without #.
s.yaml:4:5: requests[0]: there is no key "methd"
  Did you mean method?
s.yaml:5:25: requests[0].headers.Bad Name: "Bad Name" is not the name of a header
  Write a header such as 'Accept: text/plain'.
s.yaml:7:11: requests[1].body: 12 is not a text
  Quote it, so that YAML reads it as a text.
s.yaml:8:13: requests[1].weight: 0 is less than or equal to 0
  Write a number above 0; 3 is chosen three times as often as 1.
s.yaml:9:12: keepAlive: "maybe" is not true or false
  Write true or false.
s.yaml:10:11: deadline: "soon" is not a duration
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
s.yaml:12:5: phases[0]: there is no key "durration"
  Did you mean duration?
s.yaml:13:18: phases[0].connections: 0 is less than 1
  Write a number of connections such as 100, 10k or 1M, or a ramp: 100:5k.
s.yaml:14:18: phases[1].connections: has no "to"
  Write both ends, such as {from: 100, to: 5k}.
s.yaml:14:28: phases[1].connections: there is no key "too"
  Did you mean to?
s.yaml:16:18: phases[2].connections: "[1]" is not a number of connections
  Write a number of connections such as 100, 10k or 1M, or a ramp: 100:5k.
s.yaml:18:9: engine: "nett" is not one of the choices
  Did you mean net?
s.yaml:19:1: there is no key "trial"
  Did you mean trials?`,
    );
  });

  it('has what only makes no sense together told at once as well', async () => {
    const text = `name: rules
requests:
  - path: /{row.id}
    bodyFile: missing.bin
  - path: /{rnd:1:9}
deadline: 1s
http2: true
engine: net
phases:
  - connections: 1
  - {connections: 1, duration: 1s, rate: 5, arrival: closed}
  - {connections: 1, rate: 0, requests: 5}
  - {connections: "1:5", rate: "1:5", requests: 5}
  - {connections: 1, duration: 1s, touch: true}
`;
    expect(await complaints(text)).toBe(
      `s.yaml:3:11: requests[0].path: {row.id} has no data to come from
  Name a CSV file in the scenario, such as data: users.csv.
s.yaml:4:15: there is no file missing.bin
  Check the name; it is relative to the scenario file.
s.yaml:5:11: requests[1].path: {rnd:1:9} is not a placeholder
  Did you mean {rand:1:1000}? Write {{ for a brace that opens none.
s.yaml:10:5: phases[0].duration: neither duration nor requests says when it ends
  Give a duration such as 10s, a number of requests, or both.
s.yaml:11:54: phases[1].arrival: arrival: closed and rate exclude each other
  Keep arrival: closed for the most the server can do, or rate for an even pace.
s.yaml:12:5: phases[2].duration: an idle hold (rate 0) has no duration
  Say how long to hold the connections, such as duration 3s.
s.yaml:12:41: phases[2].requests: an idle hold (rate 0) sends no requests
  Leave requests out, or give a rate above 0.
s.yaml:13:19: phases[3].connections: a ramp of connections has no duration to run over
  Give a duration beside requests; the phase ends with whichever comes first.
s.yaml:13:32: phases[3].rate: a ramp of rate has no duration to run over
  Give a duration beside requests; the phase ends with whichever comes first.
s.yaml:14:43: phases[4].touch: touch is for idle holds
  Give rate: 0, or leave touch out.`,
    );
  });

  it('needs a rate for a deadline and a name of its own for each phase', async () => {
    const text = `name: rules
requests: [{path: /}]
deadline: 1s
phases:
  - {name: a, connections: 1, duration: 1s}
  - {name: a, connections: 1, duration: 1s}
`;
    expect(await complaints(text)).toBe(
      `s.yaml:3:11: deadline: a deadline sheds late requests of a rate, and there is no rate
  Give a rate, or leave the deadline out; timeout bounds each request.
s.yaml:6:12: phases[1].name: another phase is named "a"
  Give each phase a name of its own; results are told apart by it.`,
    );
  });

  it('has the rows of its data checked, and the columns that its requests name', async () => {
    expect(await complaints(`${minimal}data: ragged.csv`)).toBe(
      `ragged.csv:2: 1 value where there are 2 values
  Its first row names the columns, and each row after it has as many values.`,
    );
    expect(await complaints(`${minimal}data: users.csv`.replace('/}', '"/{row.nam}"}'))).toMatch(
      /^s\.yaml:3:19: requests\[0\]\.path: \{row\.nam\} is not a placeholder\n {2}Did you mean \{row\.name\}\?/,
    );
    expect(await complaints(`${minimal}data: nobody.csv`)).toMatch(
      /^s\.yaml:5:7: there is no file nobody\.csv\n/,
    );
  });

  it('has a row refused that would break a header, at the header', async () => {
    writeFileSync(join(folder, 'broken.csv'), 'name\nAda\n"a\nb"\n');
    const text = `name: rows
data: broken.csv
requests:
  - path: /
    headers:
      Accept: a/b
      X-Name: '{row.name}'
phases: [{connections: 1, requests: 1}]
`;
    expect(await complaints(text)).toBe(
      `s.yaml:7:15: requests[0].headers.X-Name: {row.name}: row 2 holds a line break or control character, which a header cannot
  Take it out of the data.`,
    );
  });

  it('names its own keys where it has a header that c1m sets', async () => {
    const headers = '{Connection: close, Content-Length: 3}';
    expect(await complaints(minimal.replace('path: /', `path: /, headers: ${headers}`))).toMatch(
      /"Connection" is set by c1m itself\n {2}Remove it; keepAlive: false closes the connection[^]*"Content-Length" is set by c1m itself\n {2}Remove it; c1m sends the length/,
    );
  });

  it('takes a body that begins with @ for a file, and with @@ for that text', async () => {
    writeFileSync(join(folder, 'order.bin'), '\0');
    const withBody = (body: string): string =>
      minimal.replace('path: /', `path: /, body: '${body}'`);
    const bodyOf = async (body: string) =>
      (await parseScenario(withBody(body), here)).requests[0]!.body;
    expect(await bodyOf('@order.bin')).toEqual(Buffer.from([0]));
    expect(await bodyOf('@@order.bin')).toBe('@order.bin');
    expect(await complaints(withBody('@none.bin'))).toMatch(
      /^s\.yaml:3:\d+: there is no file none\.bin\n.*relative to the scenario file\. A text that begins with @/,
    );
  });

  it('and its data must be UTF-8, since other letters would be sent than were meant', async () => {
    writeFileSync(join(folder, 'latin1.csv'), Buffer.from('name\né\n', 'latin1'));
    expect(await complaints(`${minimal}data: latin1.csv`)).toBe(
      's.yaml:5:7: latin1.csv is not UTF-8\n  Save it in that encoding.',
    );
  });

  it('that is no scenario at all is explained', async () => {
    expect(await complaints('')).toMatch(/^s\.yaml:1:1: null is not a mapping/);
    expect(await complaints('just text')).toMatch(/^s\.yaml:1:1: "just text" is not a mapping/);
    expect(await complaints('name: x')).toMatch(
      /requests: is missing\n {2}List at least one request.*\n.*phases: is missing\n {2}List at/,
    );
    expect(await complaints('a: [1')).toMatch(/^s\.yaml:1:6: this is not YAML: /);
    expect(await complaints('a: 1\na: 2')).toMatch(/^s\.yaml:2:1: this is not YAML: Map keys/);
  });

  it('that does not exist is named', async () => {
    await expect(loadScenario('/nowhere/x.yaml')).rejects.toThrow(
      '/nowhere/x.yaml: there is no file /nowhere/x.yaml',
    );
  });
});
