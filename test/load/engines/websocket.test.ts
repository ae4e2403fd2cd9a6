import { afterEach, describe, expect, it } from 'vitest';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';
import { echo, webSocketServer } from '../../fixtures/websocket-server.js';

type Server = Awaited<ReturnType<typeof webSocketServer>>;

let server: Server | undefined;
afterEach(() => server?.close());

const ours = engines.filter((engine) => engine !== 'undici');

const folder = mkdtempSync(join(tmpdir(), 'c1m-websocket-'));
let files = 0;
function fileOf(content: string | Buffer): string {
  const file = join(folder, `${files++}.yaml`);
  writeFileSync(file, content);
  return file;
}

describe.each(ours)('over WebSockets, with %s,', (engine) => {
  const flags = { engine, connections: 4, threads: 1, timeout: '2s' } as const;

  it('a request is a message and the one that comes back, and both sides count the same', async () => {
    server = await webSocketServer(echo);
    const body = 'hello {seq}';
    const { load, latencyUs } = await phaseOf(server.url, { ...flags, requests: 500, body });
    expect(load).toMatchObject({ responses: 500, errors: {}, statusCodes: {} });
    expect(load.negotiated).toEqual([{ http: 'websocket', transport: 'tcp', tls: null }]);
    expect(server.seen).toMatchObject({ messages: 500, connections: 4 });
    // Which of the four connections is the first to be heard is the server's affair.
    expect(new Set(server.seen.texts).size).toBe(10);
    for (const text of server.seen.texts) expect(text).toMatch(/^text hello \d+$/);
    expect(latencyUs!.count).toBe(500);
  });

  it('an answer takes as long as the server waits', async () => {
    server = await webSocketServer((socket, message) => setTimeout(() => socket.send(message), 50));
    const asked = { ...flags, rate: 40, duration: '1s', body: 'x' };
    const { load, latencyUs } = await phaseOf(server.url, asked);
    expect(load.responses).toBe(40);
    expect(latencyUs!.min).toBeGreaterThanOrEqual(49_000);
    expect(latencyUs!.p50).toBeLessThan(80_000);
  });

  it.each([0, 125, 126, 65_535, 65_536, 300_000])('a message of %d bytes comes back', async (n) => {
    server = await webSocketServer(echo);
    const bodyFile = fileOf(Buffer.alloc(n, 0xff));
    const { load } = await phaseOf(server.url, { ...flags, requests: 20, bodyFile });
    expect(load).toMatchObject({ responses: 20, errors: {} });
    expect(server.seen.texts.every((text) => text.startsWith('binary'))).toBe(true);
    expect(load.bytesReceived).toBeGreaterThan(20 * n);
  });

  it('pings are answered, fragments are one message, and what nobody asked for is not heard', async () => {
    let pongs = 0;
    server = await webSocketServer(
      (socket, message) => {
        socket.ping('are you there');
        socket.send('one, ', { fin: false });
        socket.ping();
        socket.send(message, { fin: true });
      },
      (socket) => {
        socket.send('welcome');
        socket.on('pong', (payload) => {
          if (['are you there', ''].includes(payload.toString())) pongs++;
        });
      },
    );
    const scenario = fileOf(`name: ws
requests:
  - body: two
    expect: { bodyContains: 'one, two' }
phases:
  - { connections: 4, requests: 100 }
`);
    const { load } = await phaseOf(server.url, { engine, threads: 1, scenario });
    expect(load).toMatchObject({ responses: 100, errors: {} });
    expect(pongs).toBeGreaterThan(150);
  });

  it('a server that closes fails its message, is answered with its code, and opened again', async () => {
    server = await webSocketServer((socket, message, binary, number) => {
      if (number % 10 === 9) socket.close(1001, 'going away');
      else echo(socket, message, binary, number);
    });
    const { load } = await phaseOf(server.url, { ...flags, requests: 100, body: 'x' });
    expect(load).toMatchObject({ responses: 90, errors: { 'closed-by-server': 10 } });
    expect(server.seen.messages).toBe(100);
    expect(server.seen.closeCodes.filter((code) => code === 1001).length).toBeGreaterThanOrEqual(9);
  });

  it('a message without an answer times out, and its connection with it', async () => {
    server = await webSocketServer((socket, message, binary, number) => {
      if (number !== 5) echo(socket, message, binary, number);
    });
    const asked = { ...flags, timeout: '300ms', requests: 50, body: 'x' };
    const { load } = await phaseOf(server.url, asked);
    expect(load).toMatchObject({ responses: 49, errors: { timeout: 1 } });
    expect(server.seen.connections).toBe(5);
  });

  it('where no WebSocket is opened, that is said', async () => {
    server = await webSocketServer(echo);
    const asked = { ...flags, duration: '1s', body: 'x' };
    const { load, valid, warnings } = await phaseOf(server.url.replace('/chat', '/'), asked);
    expect(valid).toBe(false);
    expect(Object.keys(load.connectErrors)).toEqual(['no-websocket']);
    expect(warnings.map(({ code }) => code)).toContain('no-websocket');
  });
});

describe('a load over WebSockets', () => {
  it.each([
    [{ body: undefined }, /--body|body/],
    [{ body: 'x', http2: true }, /RFC 8441/],
    [{ body: 'x', engine: 'undici' as const }, /undici/],
    [{ body: 'x', header: ['Upgrade: foo'] }, /handshake itself/],
  ])('is refused as %j', async (options, why) => {
    const { body, ...rest } = options;
    const asked = { ...rest, ...(body === undefined ? {} : { body }), connections: 1, requests: 1 };
    await expect(phaseOf('ws://127.0.0.1:1/', asked)).rejects.toThrow(why);
  });

  it('is not mixed with requests of HTTP', async () => {
    const urls = ['ws://127.0.0.1:1/', 'http://127.0.0.1:1/'];
    await expect(phaseOf(urls, { body: 'x' })).rejects.toThrow(/not mixed/);
  });
});
