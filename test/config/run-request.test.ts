import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/basis/problem.js';
import type { RunFlags } from '../../src/config/run-flags.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { tlsDefaults } from '../../src/tls/settings.js';
import type { Phase, RequestSpec } from '../../src/load/plan.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-flags-'));
const bodyFile = join(folder, 'body.json');
writeFileSync(bodyFile, '{"a":1}');
const single = join(folder, 'single.yaml');
writeFileSync(
  single,
  `name: single
requests: [{path: /items, headers: {Accept: a/b, X-Kept: 'yes'}}]
phases: [{name: only, connections: 10, duration: 5s, rate: 100}]
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const url = 'http://localhost:8080/x';

function read(flags: RunFlags, ...urls: string[]): ReturnType<typeof readRunRequest> {
  return readRunRequest(flags, urls.length > 0 ? urls : [url]);
}

async function phaseFor(flags: RunFlags): Promise<Phase> {
  return (await read(flags)).scenario.phases.at(-1)!;
}

async function requestFor(flags: RunFlags, ...urls: string[]): Promise<RequestSpec> {
  return (await read(flags, ...urls)).scenario.requests[0]!;
}

async function complaints(flags: RunFlags, ...urls: string[]): Promise<string> {
  const error: unknown = await read(flags, ...urls).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error('It was accepted');
  return error.message;
}

describe('c1m run without flags', () => {
  it('loads the URL for 10 s over 50 connections as fast as it goes, and sends no other request', async () => {
    const { scenario, targets, settings } = await read({ keepalive: true });
    expect(scenario.phases).toEqual([
      {
        name: 'throughput',
        durationMicros: 10e6,
        requests: null,
        connections: { from: 50, to: 50 },
        arrival: { kind: 'closed' },
        record: true,
      },
    ]);
    expect(scenario.requests).toEqual([
      {
        name: 'GET',
        method: 'GET',
        path: '/x',
        headers: [],
        body: null,
        weight: 1,
        expect: { status: null, bodyContains: null },
        stream: null,
      },
    ]);
    expect(scenario).toMatchObject({
      ...{ name: 'run', keepAlive: true, timeoutMicros: 10e6, connectTimeoutMicros: 10e6 },
      ...{
        deadlineMicros: null,
        engine: 'auto',
        http2: false,
        tls: tlsDefaults,
        unix: null,
        proxyProtocol: null,
        trials: 1,
        data: null,
      },
    });
    expect(targets).toMatchObject([
      { href: url, origin: { protocol: 'http:', hostname: 'localhost', port: 8080 } },
    ]);
    expect(settings).toEqual({
      threads: null,
      connectRatePerSecond: null,
      localAddresses: null,
      memoryLimit: { kind: 'share', share: 0.8 },
    });
  });

  it('leaves the path open where there is no URL either', async () => {
    const { scenario, targets } = await readRunRequest({}, []);
    expect(scenario.requests[0]?.path).toBe('');
    expect(targets).toEqual([]);
  });
});

describe('the shape of the load', () => {
  it('ends after -n requests, whatever time they take, but with -d after whichever comes first', async () => {
    expect(await phaseFor({ requests: '1k' })).toMatchObject({
      durationMicros: null,
      requests: 1_000,
    });
    expect(await phaseFor({ requests: '1k', duration: '5s' })).toMatchObject({
      durationMicros: 5e6,
      requests: 1_000,
    });
  });

  it('opens no more connections by default than there are requests', async () => {
    expect((await phaseFor({ requests: '3' })).connections).toEqual({ from: 3, to: 3 });
    expect((await phaseFor({ requests: '3', connections: '8' })).connections.to).toBe(8);
  });

  it('is open with -R, a ramp with two ends, and an idle hold with 0', async () => {
    expect(await phaseFor({ rate: '2k' })).toMatchObject({
      name: 'latency',
      arrival: { kind: 'open', ratePerSecond: { from: 2_000, to: 2_000 } },
    });
    expect((await phaseFor({ rate: '100:5k' })).arrival).toEqual({
      kind: 'open',
      ratePerSecond: { from: 100, to: 5_000 },
    });
    expect((await phaseFor({ rate: '0' })).arrival).toEqual({ kind: 'idle', touch: false });
  });

  it('is preceded by an unrecorded phase of the same shape with --warmup', async () => {
    const { phases } = (await read({ warmup: '2s', rate: '50', requests: '100' })).scenario;
    const arrival = { kind: 'open', ratePerSecond: { from: 50, to: 50 } };
    expect(phases).toMatchObject([
      { name: 'warm-up', durationMicros: 2e6, requests: null, arrival, record: false },
      { name: 'latency', durationMicros: null, requests: 100, arrival, record: true },
    ]);
  });
});

describe('the request', () => {
  it('is a POST where it has a body and no method is named', async () => {
    expect(await requestFor({ body: 'x' })).toMatchObject({ method: 'POST', body: 'x' });
    expect(await requestFor({ body: 'x', method: 'put' })).toMatchObject({ method: 'PUT' });
    expect((await requestFor({ bodyFile })).body).toEqual(Buffer.from('{"a":1}'));
  });

  it('has the headers that are given, and the credentials of the URL', async () => {
    const basic = `Basic ${Buffer.from('ada:pw').toString('base64')}`;
    const request = await requestFor({ header: ['Accept: a/b', 'X-A:1:2'] }, 'ada:pw@h/x');
    expect(request.headers).toEqual([
      ['Authorization', basic],
      ['Accept', 'a/b'],
      ['X-A', '1:2'],
    ]);
    const own = await requestFor({ header: ['authorization: Bearer t'] }, 'ada:pw@h/x');
    expect(own.headers).toEqual([['authorization', 'Bearer t']]);
  });

  it('goes to several URLs that differ in their host alone', async () => {
    const { targets } = await read({}, ':8080/x', ':8081/x', 'https://other/x');
    expect(targets.map(({ origin }) => origin.port)).toEqual([8080, 8081, 443]);
    expect(await complaints({}, ':8080/x', ':8080/y')).toBe(
      `URL: http://localhost:8080/x and http://localhost:8080/y differ in more than the host
  Give several URLs the same path and credentials; for several requests, a scenario.`,
    );
  });
});

describe('a scenario with flags', () => {
  it('has its values overridden by the flags', async () => {
    const { scenario } = await read({
      ...{ scenario: single, connections: '20', duration: '1s', rate: '7', timeout: '2s' },
      ...{ keepalive: false, engine: 'undici', http2: true, seed: '9', deadline: '1s' },
      ...{ method: 'POST', body: 'b', header: ['accept: c/d'] },
    });
    expect(scenario).toMatchObject({
      ...{ name: 'single', keepAlive: false, engine: 'undici', http2: true, seed: 9 },
      ...{ timeoutMicros: 2e6, connectTimeoutMicros: 2e6, deadlineMicros: 1e6 },
    });
    expect(scenario.phases).toEqual([
      {
        name: 'only',
        durationMicros: 1e6,
        requests: null,
        connections: { from: 20, to: 20 },
        arrival: { kind: 'open', ratePerSecond: { from: 7, to: 7 } },
        record: true,
      },
    ]);
    expect(scenario.requests[0]).toMatchObject({
      method: 'POST',
      body: 'b',
      headers: [
        ['X-Kept', 'yes'],
        ['accept', 'c/d'],
      ],
    });
  });

  it('has its paths below the path of the URL, or that of the URL where it names none', async () => {
    const below = await requestFor({ scenario: single }, 'http://h/api/');
    expect(below.path).toBe('/api/items');
    const own = await requestFor({ scenario: 'spike' }, 'http://h/api?q=1');
    expect(own.path).toBe('/api?q=1');
    expect(await complaints({ scenario: single }, 'http://h/api?q=1')).toMatch(
      /^URL: the query of http:\/\/h\/api\?q=… has no place before the paths of the scenario/,
    );
  });

  it('of several phases or requests refuses the flags that could mean any of them', async () => {
    const flags: RunFlags = { scenario: 'json-api', rate: '5', warmup: '1s', body: 'x' };
    expect(await complaints(flags)).toBe(
      `--rate: --rate and --scenario json-api conflict: it has 2 phases
  Leave --rate out, or change the phases in a copy of the scenario file.
--warmup: --warmup and --scenario json-api conflict: it has 2 phases
  Leave --warmup out, or change the phases in a copy of the scenario file.
--body: --body and --scenario json-api conflict: it has 3 requests
  Leave --body out, or change the requests in a copy of the scenario file.`,
    );
  });

  it('that is not there has its name told along with the other problems', async () => {
    expect(await complaints({ scenario: 'smok', deadline: '1s', threads: 'two' })).toBe(
      `--threads: "two" is not a count
  Write a whole number such as 100, 2.5k, 10k, 1_000 or 1M.
--scenario: there is no scenario "smok", neither built in nor as a file
  Did you mean smoke?`,
    );
  });
});

describe('flags with problems', () => {
  it('have all of them told at once, each with its remedy', async () => {
    const flags: RunFlags = {
      ...{ connections: 'many', duration: '0', requests: '1.5', rate: 'fast', threads: '0' },
      ...{ warmup: '-1s', timeout: 'x', connectTimeout: 'y', deadline: 'z', method: 'G T' },
      ...{ header: ['no colon', 'Content-Length: 1'], bodyFile: '/nowhere', engine: 'unidici' },
      seed: '-1',
    };
    expect(await complaints(flags, 'gopher://h')).toBe(
      `--connections: "many" is not a number of connections
  Write a number of connections such as 100, 10k or 1M, or a ramp: 100:5k.
--duration: "0" is shorter than one microsecond
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
--requests: "1.5" is not a whole number
  Write a whole number such as 100, 2.5k, 10k, 1_000 or 1M.
--rate: "fast" is not a rate
  Write requests per second such as 500, 10k, 2.5k/s or 600/m, or a ramp: 100:5k.
--threads: "0" is less than 1
  Write a whole number such as 100, 2.5k, 10k, 1_000 or 1M.
--warmup: "-1s" is not a duration
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
--timeout: "x" is not a duration
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
--connect-timeout: "y" is not a duration
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
--deadline: "z" is not a duration
  Write a duration such as 10s, 250ms, 500us, 2m, 1m30s or 1h; a bare 10 is 10s.
--body-file: cannot read "/nowhere": ENOENT: no such file or directory, open '/nowhere'
  Name a file that can be read.
--method: "G T" is not a method
  Write one such as GET, HEAD, POST, PUT, PATCH, DELETE.
--header: a header of 8 characters has no colon after a name
  Write a header such as 'Accept: text/plain'.
--header: "Content-Length" is set by c1m itself
  Remove it; c1m sends the length of the body.
--engine: "unidici" is not an engine
  Did you mean undici?
--seed: "-1" is not a count
  Write a whole number such as 100, 2.5k, 10k, 1_000 or 1M.
URL: "gopher://h" is none of http, https, ws and wss
  Write a URL such as http://localhost:8080/path, localhost:8080, :8080, :9100-9155 or unix:/run/app.sock.`,
    );
  });

  it.each<[string, RunFlags, string]>([
    ['a deadline without a rate', { deadline: '1s' }, '--deadline: a deadline sheds late'],
    ['requests of an idle hold', { rate: '0', requests: '5' }, '--requests: an idle hold'],
    ['a warm-up of an idle hold', { rate: '0', warmup: '1s' }, '--warmup: an idle hold'],
    ['a ramp without an end', { rate: '1:9', requests: '5' }, '--rate: a ramp of rate has no'],
    ['two bodies', { body: 'a', bodyFile }, '--body: --body and --body-file exclude each other'],
    [
      'a header that c1m sets',
      { header: ['connection: close'] },
      '--header: "connection" is set by c1m itself\n  Remove it; --no-keepalive closes the connection',
    ],
    [
      'a control character in a header',
      { header: ['X: a\x01b'] },
      '--header: the value of X has a line break or control character',
    ],
    ['two hosts', { header: ['Host: a', 'host: b'] }, '--header: Host is given twice'],
    [
      'a body from a file that is not there',
      { body: '@/nowhere' },
      `--body: cannot read "/nowhere": ENOENT: no such file or directory, open '/nowhere'
  Name a file that can be read. A text that begins with @ is written with two: @@.`,
    ],
    ['rows without data', { body: '{row.x}' }, '--body: {row.x} has no data to come from'],
    [
      'more threads than connections',
      { threads: '9', connections: '4' },
      '--threads: 9 threads cannot share 4 connections\n  Give at most 4, or more connections.',
    ],
  ])('refuse %s', async (_what, flags, message) => {
    expect(await complaints(flags)).toContain(message);
  });
});
