import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../../dist/index.js';
import { Certificates } from '../../fixtures/certificates.js';
import { phaseOf } from '../../fixtures/phase.js';
import { secure, secureSockets, type Secure } from '../../fixtures/secure.js';
import { engines } from '../../fixtures/uring.js';

const made = new Certificates();
const good = made.signed('good');
const client = made.signed('client');
const cacert = made.authority.certFile;

let server: Secure | undefined;
let closeOther: () => void = () => undefined;
afterEach(() => {
  server?.close();
  closeOther();
});

const short = { duration: '300ms', connections: '2', threads: '1' } as const;
const few = { requests: '100', connections: '5', threads: '1' } as const;

async function listening(other: net.Server): Promise<string> {
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const sockets = new Set<net.Socket>();
  other.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  closeOther = () => {
    other.close();
    for (const socket of sockets) socket.destroy();
  };
  return `https://127.0.0.1:${(other.address() as AddressInfo).port}/`;
}

const secureEngines = engines.filter((engine) => engine !== 'undici');

describe.each(engines)('over TLS, the engine %s', (engine) => {
  it('has all requests answered, and says what was agreed on', async () => {
    server = await secure(good);
    const { load } = await phaseOf(server.url, { engine, ...few, cacert });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 100 });
    expect(load.negotiated).toEqual([
      {
        http: '1.1',
        transport: 'tcp',
        tls: {
          version: 'TLSv1.3',
          cipher: expect.stringMatching(/^TLS_/) as string,
          alpn: 'http/1.1',
        },
      },
    ]);
    expect(load.tlsHandshakes).toEqual({ full: 5, resumed: 0 });
    expect(server.counts).toEqual({ full: 5, resumed: 0 });
  });

  it('speaks no version but those that are allowed', async () => {
    server = await secure(good);
    const older = await phaseOf(server.url, { engine, ...few, cacert, tlsMax: '1.2' });
    expect(older.load.statusCodes).toEqual({ 200: 100 });
    expect(older.load.negotiated[0]?.tls?.version).toBe('TLSv1.2');
    server.close();
    server = await secure({ ...good, maxVersion: 'TLSv1.2' });
    const { load } = await phaseOf(server.url, { engine, ...short, cacert, tlsMin: '1.3' });
    expect(Object.keys(load.connectErrors)).toEqual(['tls-version']);
    expect(load.failureReasons[0]?.reason).toContain('protocol version');
  });

  it.each([
    [
      'that nobody signed',
      'certificate-self-signed',
      () => made.selfSigned('self'),
      {},
      '--cacert',
    ],
    ['of an unknown issuer', 'certificate-unknown-issuer', () => good, {}, '--cacert'],
    [
      'that has expired',
      'certificate-expired',
      () => made.signed('old', undefined, -1),
      { cacert },
      '--insecure',
    ],
    [
      'of another host',
      'certificate-wrong-host',
      () => made.signed('other', 'subjectAltName=DNS:other.test'),
      { cacert },
      '--servername',
    ],
  ])('refuses a certificate %s, unless told otherwise', async (_, kind, make, trust, remedy) => {
    server = await secure(make());
    const { load, warnings, valid } = await phaseOf(server.url, { engine, ...short, ...trust });
    expect(Object.keys(load.connectErrors)).toEqual([kind]);
    expect(load.requestsSent).toBe(0);
    expect(load.failureReasons.map((failure) => failure.kind)).toEqual([kind]);
    expect(valid).toBe(false);
    const said = warnings.find(({ code }) => code === 'no-responses')!;
    expect(said.message).toContain(`OpenSSL: ${load.failureReasons[0]!.reason}`);
    expect(said.remedy).toContain(remedy);
    const insecure = await phaseOf(server.url, { engine, ...few, insecure: true });
    expect(insecure.load.statusCodes).toEqual({ 200: 100 });
  });

  it('verifies the name that --servername gives, and asks for it', async () => {
    const names: string[] = [];
    server = await secure({
      ...made.signed('named', 'subjectAltName=DNS:other.test'),
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    const servername = 'other.test';
    const { load } = await phaseOf(server.url, { engine, ...few, cacert, servername });
    expect(load.statusCodes).toEqual({ 200: 100 });
    expect(new Set(names)).toEqual(new Set([servername]));
  });

  it('verifies an IP address in the URL, and asks for no name', async () => {
    server = await secure(good);
    const url = `https://127.0.0.1:${server.port}/`;
    const { load } = await phaseOf(url, { engine, ...few, cacert });
    expect(load.statusCodes).toEqual({ 200: 100 });
  });

  it('shows its own certificate where the server asks for one', async () => {
    const options = { ...good, ca: [made.authority.cert], requestCert: true };
    server = await secure({ ...options, rejectUnauthorized: true });
    const { certFile: cert, keyFile: key } = client;
    const { load } = await phaseOf(server.url, { engine, ...few, cacert, cert, key });
    expect(load.statusCodes).toEqual({ 200: 100 });
    server.close();
    server = await secure({ ...options, rejectUnauthorized: true, maxVersion: 'TLSv1.2' });
    const older = await phaseOf(server.url, { engine, ...few, cacert, cert, key });
    expect(older.load.statusCodes).toEqual({ 200: 100 });
  });

  it('says that a server speaks plain HTTP', async () => {
    const url = await listening(http.createServer((_, response) => response.end('ok')));
    const { load, warnings } = await phaseOf(url, { engine, ...short });
    expect(Object.keys(load.connectErrors)).toEqual(['plain-http']);
    expect(warnings.at(-1)?.remedy).toContain('http://');
  });

  it('waits for a handshake no longer than --connect-timeout', async () => {
    const url = await listening(net.createServer({ pauseOnConnect: true }));
    const { load } = await phaseOf(url, { engine, ...short, connectTimeout: '100ms' });
    expect(load.connectErrors['connect-timeout']).toBeGreaterThanOrEqual(2);
    expect(load.requestsSent).toBe(0);
  });

  it('goes where --connect-to and --resolve say, and keeps the name of the URL', async () => {
    const hosts: (string | undefined)[] = [];
    const named = made.signed('example', 'subjectAltName=DNS:example.test');
    server = await secure(named, (request, response) => {
      hosts.push(request.headers.host);
      response.end('ok');
    });
    const { port } = server;
    const connectTo = [`example.test:443:127.0.0.1:${port}`];
    const there = await phaseOf('https://example.test/', { engine, ...few, cacert, connectTo });
    expect(there.load.statusCodes).toEqual({ 200: 100 });
    const resolve = [`example.test:${port}:127.0.0.1`];
    const url = `https://example.test:${port}/`;
    const resolved = await phaseOf(url, { engine, ...few, cacert, resolve });
    expect(resolved.load.statusCodes).toEqual({ 200: 100 });
    expect(new Set(hosts)).toEqual(new Set(['example.test', `example.test:${port}`]));
  });

  it('reads large responses, and sends large requests, over many records', async () => {
    const answer = Buffer.alloc(1_000_000, 'y');
    let octets = 0;
    server = await secure(good, (request, response) => {
      request.on('data', (chunk: Buffer) => (octets += chunk.length));
      request.on('end', () => response.end(answer));
    });
    const body = 'x'.repeat(300_000);
    const { load } = await phaseOf(server.url, {
      engine,
      ...{ requests: '40', connections: '8', threads: '1', cacert, body },
    });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 40 });
    expect(octets).toBe(40 * body.length);
  });
});

describe.each(secureEngines)('sessions, with the engine %s', (engine) => {
  const churn = { keepalive: false, requests: '60', connections: '6', threads: '1' } as const;

  it.each(['1.2', '1.3'])(
    'of TLS %s are resumed, and counted as the server does',
    async (tlsMax) => {
      server = await secure(good);
      const { load } = await phaseOf(server.url, { engine, ...churn, cacert, tlsMax });
      expect(load.statusCodes).toEqual({ 200: 60 });
      expect(load.tlsHandshakes).toEqual({ full: 6, resumed: 54 });
      expect(server.counts).toEqual({ full: 6, resumed: 54 });
    },
  );

  it('are not with --no-resume', async () => {
    server = await secure(good);
    const { load } = await phaseOf(server.url, { engine, ...churn, cacert, resume: false });
    expect(load.tlsHandshakes).toEqual({ full: 60, resumed: 0 });
    expect(server.counts).toEqual({ full: 60, resumed: 0 });
  });
});

describe.each(secureEngines)('the octets of TLS, with the engine %s', (engine) => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n';
  const whole = Buffer.from(head + 'z'.repeat(20_000));

  it('may come in records of any size', async () => {
    server = await secureSockets(good, (socket) => {
      socket.on('data', () => {
        // Records of an octet at first, then ever longer ones.
        for (let at = 0, end; at < whole.length; at = end) {
          end = at < 50 ? at + 1 : 2 * at;
          socket.write(whole.subarray(at, end));
        }
      });
    });
    const { load } = await phaseOf(server.url, { engine, ...few, cacert });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 100 });
    expect(load.bytesReceived).toBe(100 * whole.length);
  });

  it('end in order with close_notify, which closes a response without a length', async () => {
    server = await secureSockets(good, (socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
    });
    const { load } = await phaseOf(server.url, { engine, ...few, cacert });
    expect(load.statusCodes).toEqual({ 200: 100 });
  });

  it.skipIf(engine === 'net')('are cut short where close_notify is missing', async () => {
    server = await secureSockets(good, (socket, raw) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\nhalf of ', () => raw.end());
      });
    });
    const { load } = await phaseOf(server.url, { engine, ...few, cacert });
    expect(load.errors).toEqual({ truncated: 100 });
  });

  it('hold 800 connections, and answer on each', async () => {
    server = await secure(good);
    const options = { requests: '800', connections: '800', threads: '1', cacert } as const;
    const { load } = await phaseOf(server.url, { engine, ...options, timeout: '50s' });
    expect(load.statusCodes).toEqual({ 200: 800 });
    expect(load.connections.opened).toBe(800);
    expect(server.counts.full).toBe(800);
  });

  it('say in TLS 1.3 that a certificate of the client is missing', async () => {
    const asks = { ca: [made.authority.cert], requestCert: true, rejectUnauthorized: true };
    server = await secure({ ...good, ...asks });
    const { load, warnings } = await phaseOf(server.url, { engine, ...short, cacert });
    expect(load.failureReasons.map(({ reason }) => reason).join()).toContain(
      'certificate required',
    );
    expect(warnings.some(({ remedy }) => remedy.includes('--cert'))).toBe(true);
  });
});

it.each([
  [{ cacert: '/none.pem' }, 'cacert: there is no file /none.pem'],
  [{ cacert: good.keyFile }, 'holds no certificate'],
  [{ cert: good.certFile, key: client.keyFile }, 'does not belong to the certificate'],
  [{ cert: good.certFile }, 'holds no private key'],
  [{ key: good.keyFile }, 'needs the certificate'],
  [{ tlsMin: '1.1' }, '"1.1" is no version of TLS'],
  [{ tlsMin: '1.3', tlsMax: '1.2' }, 'is above the highest'],
  [{ resolve: ['example.test:443'] }, 'does not say from where to where'],
  [{ connectTo: ['a:b:c:d'] }, 'does not say from where to where'],
])('%j is refused before any load', async (options, message) => {
  const refused = await run('https://localhost:1/', options).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect((refused as Error).message).toContain(message);
});
