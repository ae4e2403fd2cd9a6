import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { scenarioDocument } from '../../src/config/scenario-document.js';
import { parseScenario } from '../../src/config/scenario-file.js';
import { scenarioHash } from '../../src/config/scenario-hash.js';
import { knownKeys } from '../../src/config/scenario-schema.js';
import { Certificates } from '../fixtures/certificates.js';
import { greeterFile } from '../grpc/greeter-server.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-document-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'users.csv'), 'id\n1\n');
writeFileSync(join(folder, 'body.bin'), Uint8Array.of(0, 255));
copyFileSync(greeterFile, join(folder, 'greeter.proto'));
copyFileSync(greeterFile, join(folder, 'other.proto'));
const { certFile, keyFile } = new Certificates().selfSigned('document');

type Part = Readonly<Record<string, unknown>>;
/** A scenario as it is written: its own keys, those of its only request, of its only phase. */
type Written = (own?: Part, request?: Part, phase?: Part) => Part;

const plain: Written = (own, request, phase) => ({
  name: 'one',
  requests: [{ path: '/a', ...request }],
  phases: [{ duration: '1s', connections: 2, ...phase }],
  ...own,
});
const calling: Written = (own, request) => ({
  ...plain(),
  ...{ protocol: 'grpc', proto: 'greeter.proto' },
  requests: [{ call: 'test.greeter.Greeter/Chat', ...request }],
  ...own,
});
const both: Part = { cert: certFile, key: keyFile };

/** By part and key: the same scenario with another value of it. */
const changed: Readonly<Record<string, Readonly<Record<string, readonly [Part, Part]>>>> = {
  '': {
    name: [plain(), plain({ name: 'two' })],
    description: [plain(), plain({ description: 'x' })],
    requests: [plain(), plain({ requests: [{ path: '/b' }] })],
    data: [plain(), plain({ data: 'users.csv' })],
    keepAlive: [plain(), plain({ keepAlive: false })],
    timeout: [plain(), plain({ timeout: '1s' })],
    connectTimeout: [plain(), plain({ connectTimeout: '1s' })],
    deadline: [plain({}, {}, { rate: 10 }), plain({ deadline: '1s' }, {}, { rate: 10 })],
    phases: [plain(), plain({ phases: [{ duration: '2s', connections: 2 }] })],
    scheduling: [plain(), plain({ scheduling: {} })],
    targets: [plain(), plain({ targets: ['go'] })],
    trials: [plain(), plain({ trials: 7 })],
    engine: [plain(), plain({ engine: 'net' })],
    http2: [plain(), plain({ http2: true })],
    threads: [plain(), plain({ threads: 3 })],
    fanOut: [
      plain({}, { body: '{seq}' }, { rate: 10 }),
      plain({ fanOut: true }, { body: '{seq}' }, { rate: 10 }),
    ],
    protocol: [plain(), calling()],
    proto: [calling(), calling({ proto: 'other.proto' })],
    protoPath: [calling(), calling({ protoPath: '.' })],
    pingPong: [calling(), calling({ pingPong: true })],
    tls: [plain(), plain({ tls: { verify: false } })],
    unix: [plain(), plain({ unix: '/run/x.sock' })],
    proxyProtocol: [plain(), plain({ proxyProtocol: 'v2' })],
    streams: [plain({ http2: true }), plain({ http2: true, streams: 5 })],
    seed: [plain(), plain({ seed: 9 })],
    failIf: [plain(), plain({ failIf: ['p99<=1ms'] })],
  },
  requests: {
    name: [
      plain({ requests: [{ path: '/' }, { path: '/b' }] }),
      plain({ requests: [{ path: '/', name: 'x' }, { path: '/b' }] }),
    ],
    path: [plain(), plain({}, { path: '/b' })],
    method: [plain(), plain({}, { method: 'PUT' })],
    weight: [plain(), plain({}, { weight: 2 })],
    headers: [plain(), plain({}, { headers: { accept: 'x' } })],
    body: [plain(), plain({}, { body: 'x' })],
    bodyFile: [plain(), plain({}, { bodyFile: 'body.bin' })],
    call: [calling(), calling({}, { call: 'test.greeter.Greeter/SayHello' })],
    message: [calling(), calling({}, { message: { name: 'x' } })],
    expect: [plain(), plain({}, { expect: { status: 201 } })],
    stream: [plain({}, { stream: 'sse' }), plain({}, { stream: true })],
  },
  phases: {
    name: [plain(), plain({}, {}, { name: 'x' })],
    duration: [plain(), plain({}, {}, { duration: '2s' })],
    requests: [plain(), plain({}, {}, { requests: 5 })],
    connections: [plain(), plain({}, {}, { connections: { from: 1, to: 5 } })],
    arrival: [plain({}, {}, { arrival: 'closed' }), plain({}, {}, { rate: 5 })],
    rate: [plain(), plain({}, {}, { rate: { from: 1, to: 5 } })],
    touch: [plain({}, {}, { rate: 0 }), plain({}, {}, { rate: 0, touch: true })],
    record: [plain(), plain({}, {}, { record: false })],
  },
  tls: {
    verify: [plain(), plain({ tls: { verify: false } })],
    cacert: [plain(), plain({ tls: { cacert: certFile } })],
    cert: [plain(), plain({ tls: both })],
    key: [plain(), plain({ tls: both })],
    min: [plain(), plain({ tls: { min: '1.3' } })],
    max: [plain(), plain({ tls: { max: '1.2' } })],
    servername: [plain(), plain({ tls: { servername: 'a.example' } })],
    resume: [plain(), plain({ tls: { resume: false } })],
  },
  scheduling: Object.fromEntries(
    Object.entries({
      rate: 5,
      rateConnections: 5,
      loads: [0.5],
      connections: 5,
      duration: '9s',
    }).map(([key, value]) => [
      key,
      [plain({ scheduling: {} }), plain({ scheduling: { [key]: value } })],
    ]),
  ),
  expect: {
    status: [plain(), plain({}, { expect: { status: 201 } })],
    bodyContains: [plain(), plain({}, { expect: { bodyContains: 'x' } })],
  },
  connections: {
    from: [
      plain({}, {}, { connections: { from: 1, to: 5 } }),
      plain({}, {}, { connections: { from: 2, to: 5 } }),
    ],
    to: [
      plain({}, {}, { connections: { from: 1, to: 5 } }),
      plain({}, {}, { connections: { from: 1, to: 6 } }),
    ],
  },
  rate: {
    from: [
      plain({}, {}, { rate: { from: 1, to: 5 } }),
      plain({}, {}, { rate: { from: 2, to: 5 } }),
    ],
    to: [plain({}, {}, { rate: { from: 1, to: 5 } }), plain({}, {}, { rate: { from: 1, to: 6 } })],
  },
};

const every = Object.entries(knownKeys).flatMap(([part, keys]) =>
  keys.map((key) => [part === '' ? key : `${part}.${key}`, part, key] as const),
);
const scenario = (written: Part) => parseScenario(stringify(written), join(folder, 's.yaml'));

describe('a result keeps of its scenario', () => {
  it.each(every)('%s', async (_, part, key) => {
    // A key that is new has to be entered above.
    const pair = changed[part]?.[key];
    expect(pair).toBeDefined();
    const [one, other] = await Promise.all(pair!.map(scenario));
    expect(scenarioDocument(other!)).not.toEqual(scenarioDocument(one!));
  });

  it.each([
    ['a stream of events', plain({}, { stream: true })],
    ['lines of JSON', plain({}, { stream: 'ndjson' })],
    ['calls', calling()],
    ['messages on calls that are held open', calling({ pingPong: true })],
  ])('%s, so that it can be run again', async (_, written) => {
    const first = await scenario(written);
    const { requests, ...document } = scenarioDocument(first) as {
      requests: readonly Readonly<Record<string, unknown>>[];
    };
    // What may be secret is kept by its length only.
    const message = first.requests[0]!.grpc === undefined ? {} : { message: '{}' };
    const again = await scenario({
      ...document,
      requests: requests.map((request) => ({ ...request, ...message })),
    });
    expect(scenarioHash(again, 'net')).toBe(scenarioHash(first, 'net'));
    expect(again.requests[0]!.grpc?.files).toEqual(first.requests[0]!.grpc?.files);
  });
});
