import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../../../dist/index.js';
import { freePort } from '../../../src/targets/free-port.js';
import { accepts } from '../../../src/load/resolve.js';
import { Certificates } from '../../fixtures/certificates.js';
import { phaseOf } from '../../fixtures/phase.js';
import { proxied } from '../../fixtures/proxied-server.js';
import { engines as all } from '../../fixtures/uring.js';

const engines = all.filter((engine) => engine !== 'undici');
const folder = mkdtempSync(join(tmpdir(), 'c1m-proxy-'));
const good = new Certificates().selfSigned('proxied');
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const ok: http.RequestListener = (_, response) => response.end('ok');
const few = { requests: 40, connections: 4, threads: 1, timeout: '5s' } as const;

async function behind(
  server: net.Server,
  where: net.ListenOptions = { host: '127.0.0.1', port: 0 },
) {
  const front = await proxied(server, where);
  closers.push(front.close);
  return front;
}

const servers: [string, string, () => net.Server, RunOptions][] = [
  ['HTTP/1.1', 'http', () => http.createServer(ok), {}],
  ['HTTP/1.1 over TLS', 'https', () => https.createServer(good, ok), { insecure: true }],
  [
    'HTTP/2',
    'http',
    () => http2.createServer((_, response) => void response.end('ok')),
    { http2: true },
  ],
];

describe.each(engines)('the PROXY protocol, with the engine %s', (engine) => {
  describe.each(['v1', 'v2'])('of version %s', (proxyProtocol) => {
    it.each(servers)('says whose each connection is, before %s', async (_, scheme, serve, more) => {
      const front = await behind(serve());
      const url = `${scheme}://127.0.0.1:${front.port}/`;
      const { load } = await phaseOf(url, { engine, ...few, ...more, proxyProtocol });
      expect(front.faults).toEqual([]);
      expect(load).toMatchObject({ responses: 40, errors: {}, connectErrors: {} });
      expect(front.told).toHaveLength(4);
      for (const { said, truth } of front.told) expect(said).toBe(truth);
    });

    it('says nothing of a Unix socket’s ends, which have no address', async () => {
      const path = join(folder, `${engine}-${proxyProtocol}.sock`);
      const front = await behind(http.createServer(ok), { path });
      const { load } = await phaseOf(`unix:${path}`, { engine, ...few, proxyProtocol });
      expect(load.responses).toBe(40);
      expect(front.told.map(({ said }) => said)).toEqual(['none', 'none', 'none', 'none']);
    });
  });

  it('begins each connection anew, and counts its octets as sent', async () => {
    const front = await behind(http.createServer(ok));
    const url = `http://127.0.0.1:${front.port}/`;
    const flags = { engine, ...few, keepalive: false } as const;
    const { load } = await phaseOf(url, { ...flags, proxyProtocol: 'v2' });
    expect(load.responses).toBe(40);
    expect(front.told).toHaveLength(40);
    for (const { said, truth } of front.told) expect(said).toBe(truth);
    const plain = http.createServer(ok);
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    closers.push(() => plain.close());
    const without = `http://127.0.0.1:${(plain.address() as AddressInfo).port}/`;
    const bare = await phaseOf(without, flags);
    expect(load.bytesSent - bare.load.bytesSent).toBe(40 * 28);
  });

  it.runIf(engine === 'net')('tells addresses of IPv6', async () => {
    const front = await behind(http.createServer(ok), { host: '::1', port: 0 });
    for (const proxyProtocol of ['v1', 'v2']) {
      await phaseOf(`http://[::1]:${front.port}/`, { engine, ...few, proxyProtocol });
    }
    expect(front.told).toHaveLength(8);
    for (const { said, truth } of front.told) expect(said).toBe(truth);
  });

  it('fails as ever where nobody listens', async () => {
    const port = await freePort('127.0.0.1');
    const flags = { engine, duration: '300ms', connections: 2, proxyProtocol: 'v2' } as const;
    const { load } = await phaseOf(`https://127.0.0.1:${port}/`, flags);
    expect(Object.keys(load.connectErrors)).toEqual(['refused']);
  });

  const haproxy = spawnSync('haproxy', ['-v']).error === undefined;
  if (!haproxy)
    process.stderr.write('SKIPPED: the PROXY protocol against HAProxy: not installed\n');
  it.runIf(haproxy)('is what HAProxy takes, and takes the source from', async () => {
    const sources = new Set<unknown>();
    const server = http.createServer((request, response) => {
      sources.add(request.headers['x-source']);
      response.end('ok');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const port = await freePort('127.0.0.1');
    const file = join(folder, `${engine}.cfg`);
    writeFileSync(
      file,
      `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:${port} accept-proxy
  http-request set-header X-Source %[src]
  default_backend back
backend back
  server one 127.0.0.1:${(server.address() as AddressInfo).port}
`,
    );
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    closers.push(
      () => child.kill('SIGKILL'),
      () => server.close(),
      () => server.closeAllConnections(),
    );
    for (let tries = 0; tries < 100 && !(await accepts('127.0.0.1', port)); tries++);
    for (const proxyProtocol of ['v1', 'v2']) {
      const flags = { engine, ...few, localIps: '127.3.0.1-127.3.0.4', proxyProtocol } as const;
      const { load } = await phaseOf(`http://127.0.0.1:${port}/`, flags);
      expect(load).toMatchObject({ responses: 40, errors: {} });
    }
    expect([...sources].sort()).toEqual(['127.3.0.1', '127.3.0.2', '127.3.0.3', '127.3.0.4']);
  });
});

it.each([
  [{ proxyProtocol: 'v3' }, '"v3" is no version of the PROXY protocol'],
  [{ proxyProtocol: 'v2', engine: 'undici' }, 'undici does not send the PROXY protocol'],
])('%j is refused', async (options, message) => {
  await expect(run('http://127.0.0.1:1/', options)).rejects.toThrow(message);
});
