import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { compare, run, type RunOptions } from '../../../dist/index.js';
import { parseTargetUrl } from '../../../src/config/target-url.js';
import { Certificates } from '../../fixtures/certificates.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-unix-'));
const made = new Certificates();
const good = made.signed('unix');
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

let sockets = 0;
const newPath = (): string => join(folder, `${sockets++}.sock`);

/** Has a server listen, and returns the path of its socket. */
async function listening(server: net.Server | http2.Http2Server, backlog = 511): Promise<string> {
  const path = newPath();
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => open.add(socket));
  await once(server.listen({ path, backlog }), 'listening');
  closers.push(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return path;
}

const ok: http.RequestListener = (_, response) => response.end('ok');
const few = { requests: 60, connections: 6, threads: 1, timeout: '5s', duration: '900ms' } as const;

describe.each(engines)('over a Unix socket, the engine %s', (engine) => {
  it('has all requests of HTTP/1.1 answered, and says what they went over', async () => {
    const seen: string[] = [];
    const path = await listening(
      http.createServer((request, response) => {
        seen.push(`${request.headers.host} ${request.url}`);
        response.end('ok');
      }),
    );
    const { load } = await phaseOf(`http://unix:${path}:/who?x=1`, { engine, ...few });
    expect(load).toMatchObject({ responses: 60, errors: {}, connectErrors: {} });
    expect(load.negotiated).toEqual([{ http: '1.1', transport: 'unix', tls: null }]);
    const named = await phaseOf('http://example.test:81/b', { engine, ...few, unix: path });
    expect(named.load.responses).toBe(60);
    expect([...new Set(seen)]).toEqual(['localhost /who?x=1', 'example.test:81 /b']);
  });

  it('speaks TLS, and verifies the name that it would by TCP', async () => {
    const unix = await listening(https.createServer(good, ok));
    const cacert = made.authority.certFile;
    const { load } = await phaseOf(`https://unix:${unix}`, { engine, ...few, cacert });
    expect(load.responses).toBe(60);
    expect(load.negotiated).toMatchObject([{ transport: 'unix', tls: { version: 'TLSv1.3' } }]);
    const other = await phaseOf('https://other.test/', { engine, ...few, cacert, unix });
    expect(Object.keys(other.load.connectErrors)).toEqual(['certificate-wrong-host']);
  });

  it('speaks HTTP/2', async () => {
    const path = await listening(http2.createServer((_, response) => void response.end('ok')));
    const { load } = await phaseOf(`unix:${path}`, { engine, ...few, http2: true });
    expect(load).toMatchObject({ responses: 60, errors: {} });
    expect(load.negotiated).toEqual([{ http: '2', transport: 'unix', tls: null }]);
  });

  it('waits for a place in a full listen queue, as TCP does', async () => {
    // Longer than the queue: while the server does not look, two have a place, and the others wait.
    const server = http.createServer(ok);
    const path = await listening(server, 1);
    const flags = { engine, requests: 30, connections: 30, threads: 1, timeout: '5s' } as const;
    const running = phaseOf(`unix:${path}`, flags);
    const { load } = await running;
    expect(load).toMatchObject({ responses: 30, connectErrors: {} });
    expect(load.connections.opened).toBe(30);
  });

  it('gives up such a wait at --connect-timeout', async () => {
    const path = newPath();
    // Nobody accepts: this process holds the socket, and does not look after it.
    const { Libc } = await import('../../../src/uring/libc.js');
    const { socketAddress } = await import('../../../src/uring/socket-address.js');
    const libc = await Libc.load();
    const { family, bytes } = socketAddress(path, 0);
    const fd = libc.listen(family, bytes, 1);
    closers.push(() => libc.close(fd));
    const flags = { engine, duration: '400ms', connections: 8, connectTimeout: '200ms' } as const;
    const { load } = await phaseOf(`unix:${path}`, flags);
    expect(Object.keys(load.connectErrors)).toEqual(['connect-timeout']);
    expect(load.connections.established).toBe(2);
  });

  it('says that nobody listens any more, or that the socket is gone', async () => {
    const path = newPath();
    const left = await listening(http.createServer(ok));
    writeFileSync(path, '');
    // What a server that was killed leaves: a socket without anybody.
    const { Libc } = await import('../../../src/uring/libc.js');
    const { socketAddress } = await import('../../../src/uring/socket-address.js');
    const libc = await Libc.load();
    rmSync(path);
    const { family, bytes } = socketAddress(path, 0);
    libc.close(libc.listen(family, bytes, 1));
    const short = { engine, duration: '300ms', connections: 2 } as const;
    const { load } = await phaseOf(`unix:${path}`, short);
    expect(Object.keys(load.connectErrors)).toEqual(['refused']);
    const running = phaseOf(`unix:${left}`, { ...short, keepalive: false, duration: '900ms' });
    setTimeout(() => rmSync(left, { force: true }), 300);
    const gone = await running;
    expect(Object.keys(gone.load.connectErrors)).toContain('no-socket');
  });
});

it.each(engines.filter((engine) => engine !== 'undici'))(
  'WebSockets go over one, with %s',
  async (engine) => {
    const server = http.createServer();
    const ws = new WebSocketServer({ server });
    ws.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
    const path = await listening(server);
    const { load } = await phaseOf(`ws+unix:${path}:/chat`, { engine, ...few, body: 'hello' });
    expect(load).toMatchObject({ responses: 60, errors: {} });
    expect(load.negotiated).toEqual([{ http: 'websocket', transport: 'unix', tls: null }]);
  },
);

describe('a URL of a Unix socket', () => {
  it.each([
    ['unix:/run/app.sock', 'http:', '/'],
    ['unix:///run/app.sock', 'http:', '/'],
    ['unix:/run/app.sock:/a/b?c=d', 'http:', '/a/b?c=d'],
    ['http://unix:/run/app.sock:/a', 'http:', '/a'],
    ['https://unix:/run/app.sock', 'https:', '/'],
    ['http+unix://%2Frun%2Fapp.sock/a?b', 'http:', '/a?b'],
    ['HTTPS+unix://%2frun%2Fapp.sock', 'https:', '/'],
    ['ws+unix:/run/app.sock:/chat', 'http:', '/chat'],
  ])('may be written as %s', (written, protocol, path) => {
    expect(parseTargetUrl(written)).toMatchObject({
      origin: { protocol, hostname: 'localhost', socket: '/run/app.sock' },
      path,
    });
  });

  it('is shown without what may be secret, and is not taken for a host of that name', () => {
    expect(parseTargetUrl('unix:/run/app.sock:/a?token=abc')).toMatchObject({
      href: 'http://unix:/run/app.sock:/a?token=…',
    });
    expect(parseTargetUrl('http://unix:8080/a')).toMatchObject({
      origin: { hostname: 'unix', port: 8080 },
    });
    expect(parseTargetUrl('ftp://unix:/run/app.sock')).toMatchObject({ where: 'URL' });
  });
});

const long = `/tmp/${'x'.repeat(110)}`;
writeFileSync(join(folder, 'file'), '');
writeFileSync(
  join(folder, 's.yaml'),
  `{name: s, unix: ${folder}/none.sock, requests: [{}], phases: [{connections: 1, requests: 1}]}`,
);
const scenario = join(folder, 's.yaml');

it.each([
  [`unix:${folder}/none.sock`, {}, 'there is no such file'],
  [`unix:${folder}/file`, {}, 'is no socket'],
  [`unix:${folder}/file/x`, {}, 'there is no such file'],
  [`unix:${long}`, {}, 'is 115 octets long'],
  ['http://localhost/', { unix: long }, 'unix: /tmp/xxx'],
  ['http://localhost/', { scenario }, 'none.sock: there is no such file'],
  ['unix:/run/a.sock', { unix: '/run/b.sock' }, 'names a Unix socket already'],
  ['unix:/run/a.sock', { localIps: '127.0.0.1' }, 'localIps: a Unix socket has no address'],
  ['http://h/', { unix: '/a', resolve: ['h:80:127.0.0.1'] }, 'resolve: a Unix socket has no'],
  ['http://h/', { unix: '/a', connectTo: ['::127.0.0.1:'] }, 'connectTo: a Unix socket has no'],
  ['go-bare', { unix: '/run/a.sock' }, 'is reached by its port'],
] satisfies [string, RunOptions, string][])(
  '%s with %j is refused',
  async (url, options, message) => {
    await expect(run(url, options)).rejects.toThrow(message);
  },
);

it.skipIf(process.getuid?.() === 0)('a socket that may not be written to is refused', async () => {
  const path = await listening(http.createServer(ok));
  chmodSync(path, 0o400);
  await expect(run(`unix:${path}`, {})).rejects.toThrow('permission denied');
});

it('a comparison has no use for the socket of a scenario', async () => {
  await expect(compare({ scenario, targets: ['go-bare'] })).rejects.toThrow('one Unix socket');
});
