import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, type RunOptions } from '../../dist/index.js';

let server: ChildProcessByStdio<Writable, Readable, null>;
let secure = '';
let clear = '';
let files: { key: Buffer; cert: Buffer };

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
  const names = ['-keyout', key, '-out', certificate, '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, ...names], { stdio: 'ignore' });
  files = { key: readFileSync(key), cert: readFileSync(certificate) };
  const script = fileURLToPath(new URL('../fixtures/secure-server.js', import.meta.url));
  server = spawn(process.execPath, [script, key, certificate], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [ports] = (await once(server.stdout, 'data')) as [Buffer];
  const [securePort = '', clearPort = ''] = ports.toString().trim().split(' ');
  secure = `https://127.0.0.1:${securePort}/`;
  clear = `http://127.0.0.1:${clearPort}/`;
});

afterAll(() => server.kill('SIGKILL'));

async function seen(): Promise<Record<string, number>> {
  server.stdin.write('\n');
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as Record<string, number>;
}

it.each([
  ['HTTP/1.1 over TLS with net', 'tls 1.1', () => secure, { engine: 'net', insecure: true }],
  ['HTTP/1.1 over TLS with undici', 'tls 1.1', () => secure, { engine: 'undici', insecure: true }],
  ['HTTP/2 over TLS', 'tls 2.0', () => secure, { http2: true, insecure: true }],
  [
    'HTTP/2 over TLS with undici',
    'tls 2.0',
    () => secure,
    { http2: true, insecure: true, engine: 'undici' },
  ],
  ['HTTP/2 in clear text', 'clear 2.0', () => clear, { http2: true }],
  ['HTTP/2 in clear text with net', 'clear 2.0', () => clear, { http2: true, engine: 'net' }],
  ['HTTP/2 in clear text with undici', 'clear 2.0', () => clear, { http2: true, engine: 'undici' }],
] satisfies [string, string, () => string, RunOptions][])(
  '%s: all requests are answered, and the server saw as many by that version',
  async (_, version, url, options) => {
    const before = (await seen())[version] ?? 0;
    const { result } = await run(url(), { ...options, requests: '200', connections: '5' });
    const { load } = result.targets[0]!.trials[0]!;
    expect(load.responses).toBe(200);
    expect(((await seen())[version] ?? 0) - before).toBe(200);
    const [, http] = version.split(' ');
    const alpn = http === '2.0' ? 'h2' : 'http/1.1';
    const tls = { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) as string, alpn };
    expect(load.negotiated).toEqual([
      {
        http: http === '2.0' ? '2' : '1.1',
        transport: 'tcp',
        tls: url() === clear ? null : tls,
      },
    ]);
    const experimental = result.warnings.some(({ code }) => code === 'http2-experimental');
    expect(experimental).toBe(http === '2.0' && 'engine' in options && options.engine === 'undici');
  },
);

it('HTTP/2 from a server that speaks HTTP/1.1 alone is refused, and the result says so', async () => {
  const old = https.createServer(files, (_, response) => response.end('ok'));
  await once(old.listen(0, '127.0.0.1'), 'listening');
  const url = `https://127.0.0.1:${(old.address() as AddressInfo).port}/`;
  const flags = { http2: true, insecure: true, duration: '300ms', connections: '2' };
  const { result } = await run(url, flags);
  old.close();
  const trial = result.targets[0]!.trials[0]!;
  expect(trial.valid).toBe(false);
  expect(trial.load.connectErrors['no-http2']).toBeGreaterThanOrEqual(2);
  expect(trial.load.requestsSent).toBe(0);
  expect(trial.warnings.map(({ code }) => code)).toContain('no-http2');
});

it('a certificate that cannot be verified is refused, by its name', async () => {
  const { result } = await run(secure, { duration: '300ms', connections: '2' });
  const { load } = result.targets[0]!.trials[0]!;
  expect(load.connectErrors['certificate-self-signed']).toBeGreaterThanOrEqual(2);
  expect(load.requestsSent).toBe(0);
});
