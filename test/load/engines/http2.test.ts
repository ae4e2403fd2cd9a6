import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2, { constants, type ServerHttp2Stream, type Settings } from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines as all } from '../../fixtures/uring.js';

const engines = all.filter((engine) => engine !== 'undici');
let close: () => void = () => undefined;
afterEach(() => close());

type Answer = (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

/** Node's own server of HTTP/2 in clear text. */
async function serve(answer: Answer, settings: Settings = {}): Promise<string> {
  const server = http2.createServer({ settings });
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  close = () => {
    server.close();
    for (const session of sessions) session.destroy();
  };
  server.listen(0, '127.0.0.1', 1024);
  return urlOf(server);
}

async function urlOf(server: net.Server | http2.Http2Server): Promise<string> {
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const ok = (stream: ServerHttp2Stream): void => {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200 });
  stream.end('ok');
};

describe.each(engines)('HTTP/2 over %s', (engine) => {
  const flags = { engine, http2: true, threads: 1, timeout: '5s' } as const;

  it('sends no more at once than the server takes, and says so', async () => {
    let now = 0;
    let most = 0;
    let requests = 0;
    const url = await serve(
      (stream) => {
        requests++;
        most = Math.max(most, ++now);
        stream.once('close', () => now--);
        setTimeout(() => ok(stream), 20);
      },
      { maxConcurrentStreams: 1 },
    );
    const asked = { ...flags, streams: 10, connections: 1, rate: 100, duration: '1s' };
    const { load, latencyUs, serviceTimeUs, warnings } = await phaseOf(url, asked);
    expect(most).toBe(1);
    expect(load.errors).toEqual({});
    expect(load.responses).toBe(requests);
    expect(load.negotiated).toEqual([{ http: '2', transport: 'tcp', tls: null, streams: 1 }]);
    expect(warnings.filter(({ code }) => code === 'fewer-streams')).toHaveLength(1);
    // What waits has not been sent, and its latency runs all the same.
    expect(serviceTimeUs!.p50).toBeLessThan(60_000);
    expect(latencyUs!.max).toBeGreaterThan(200_000);
  });

  it('keeps to Little’s law with several streams', async () => {
    const url = await serve((stream) => setTimeout(() => ok(stream), 10));
    const asked = { ...flags, streams: 5, connections: 2, duration: '1s' };
    const { generator } = await phaseOf(url, asked);
    expect(generator.littlesLawRatio).toBeGreaterThan(0.9);
    expect(generator.littlesLawRatio).toBeLessThan(1.1);
  });

  it.each([
    ['HTTP/1.1', () => http.createServer((_, response) => response.end('ok'))],
    [
      'something else',
      () => net.createServer((socket) => socket.end('220 mail.example ESMTP\r\n')),
    ],
  ])('finds out a server that speaks %s', async (_, create) => {
    const server = create();
    close = () => server.close();
    server.listen(0, '127.0.0.1');
    const url = await urlOf(server);
    const asked = { ...flags, connections: 2, duration: '300ms' };
    const { load, warnings } = await phaseOf(url, asked);
    expect(Object.keys(load.connectErrors)).toEqual(['no-http2']);
    expect(load.requestsSent).toBe(0);
    const told = warnings.find(({ code }) => code === 'no-http2');
    expect(told?.message).toMatch(/does not speak HTTP\/2/);
  });

  it('carries several MB each way, whatever the windows', async () => {
    const body = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251));
    const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
    writeFileSync(join(folder, 'body'), body);
    const whole: boolean[] = [];
    const url = await serve(
      (stream) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const came = Buffer.concat(chunks);
          whole.push(came.equals(body));
          stream.respond({ ':status': 200, 'content-length': came.length });
          stream.end(came);
        });
      },
      { initialWindowSize: 100_000 },
    );
    const asked = { ...flags, streams: 2, connections: 2, requests: 12, timeout: '20s' };
    const { load } = await phaseOf(url, { ...asked, bodyFile: join(folder, 'body') });
    rmSync(folder, { recursive: true });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 12 });
    expect(whole).toEqual(Array<boolean>(12).fill(true));
    expect(load.bytesReceived).toBeGreaterThan(12 * body.length);
  });

  it('puts what varies in its place', async () => {
    const seen: unknown[] = [];
    const url = await serve((stream, headers) => {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (piece: string) => (text += piece));
      stream.on('end', () => {
        const { ':path': path, ':authority': authority, 'x-k': k } = headers;
        seen.push([path, authority, k, headers['content-length'], text]);
        ok(stream);
      });
    });
    const [path, body] = ['n/{seq}', '{{"n": {seq}}'];
    const header = ['X-K: v{seq}', 'Host: example.test'];
    const asked = { ...flags, connections: 1, requests: 12, method: 'POST', body, header };
    const { load } = await phaseOf(`${url}${path}`, asked);
    expect(load.responses).toBe(12);
    expect(seen).toEqual(
      Array.from({ length: 12 }, (_, n) => {
        const text = `{"n": ${n}}`;
        return [`/n/${n}`, 'example.test', `v${n}`, String(text.length), text];
      }),
    );
  });

  it('sends a head of 40 kB, in several frames', async () => {
    const url = await serve((stream, headers) => {
      if (headers['x-long']?.length === 40_000) ok(stream);
      else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }, {});
    const header = [`X-Long: ${'x'.repeat(40_000)}`];
    const { load } = await phaseOf(url, { ...flags, connections: 2, requests: 10, header });
    expect({ ...load.statusCodes, ...load.errors }).toEqual({ 200: 10 });
  });

  it('sends again what a GOAWAY left out, so that both count the same', async () => {
    let answered = 0;
    const url = await serve((stream) => {
      const k = answered++;
      ok(stream);
      // In good order: what is under way is answered, and what came too late is not.
      if (k % 100 === 99) stream.session?.close();
    });
    const asked = { ...flags, streams: 10, connections: 4, requests: 2_000 };
    const { load } = await phaseOf(url, asked);
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 2_000 });
    expect(load.requestsSent).toBe(2_000);
    expect(answered).toBe(2_000);
  });

  it('times with streams what takes 50 ms, with a rate and without', async () => {
    const own: number[] = [];
    const url = await serve((stream) => {
      const began = performance.now();
      setTimeout(() => {
        own.push((performance.now() - began) * 1000);
        ok(stream);
      }, 50);
    });
    const asked = { ...flags, streams: 8, connections: 2, duration: '1s' };
    for (const load of [{ rate: 100 }, {}]) {
      const { latencyUs } = await phaseOf(url, { ...asked, ...load });
      expect(latencyUs!.min).toBeGreaterThanOrEqual(Math.min(...own) * 0.998);
      // What the server took, and what both had to wait for a CPU on a busy machine.
      expect(latencyUs!.p50).toBeLessThan(Math.max(...own) + 30_000);
    }
  });

  it('takes frames with padding, priority and names of no meaning, and answers pings', async () => {
    const pongs: Buffer[] = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(frame(4, 0, 0, Buffer.alloc(0)));
      let came = Buffer.alloc(0);
      let skipped = 24;
      socket.on('data', (chunk) => {
        came = Buffer.concat([came, chunk]);
        if (skipped > 0 && came.length >= skipped) [came, skipped] = [came.subarray(skipped), 0];
        while (skipped === 0 && came.length >= 9) {
          const length = came.readUIntBE(0, 3);
          if (came.length < 9 + length) return;
          if (came[3] === 6) pongs.push(came.subarray(9, 17));
          if (came[3] === 1) answerOddly(socket, came.readUInt32BE(5));
          came = came.subarray(9 + length);
        }
      });
    });
    close = () => server.close();
    server.listen(0, '127.0.0.1');
    const url = await urlOf(server);
    const { load } = await phaseOf(url, { ...flags, connections: 2, requests: 20, streams: 2 });
    expect({ ...load.statusCodes, ...load.errors }).toEqual({ 200: 20 });
    expect(pongs.length).toBeGreaterThanOrEqual(19);
    expect(pongs.every((pong) => pong.equals(Buffer.from('12345678')))).toBe(true);
  });

  it.runIf(hasNginx())('is answered by nginx', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'c1m-nginx-'));
    const port = await freePort();
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ');
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log;
events {} http { access_log off; ${paths} keepalive_requests 50;
server { listen 127.0.0.1:${port} http2; return 200 "hello"; } }`,
    );
    const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    close = () => nginx.kill();
    await sleep(500);
    // After 50 requests nginx says goodbye to a connection.
    const asked = { ...flags, connections: 4, streams: 5, requests: 1_000 };
    const { load } = await phaseOf(`http://127.0.0.1:${port}/`, asked);
    expect({ ...load.statusCodes, ...load.errors }).toEqual({ 200: 1_000 });
    expect(load.requestsSent).toBe(1_000);
  });
});

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** In frames that are rarely seen. */
function answerOddly(socket: net.Socket, stream: number): void {
  const block = Buffer.concat([Buffer.from([0x20, 0x88]), literal('x-a', 'b'.repeat(300))]);
  const priority = Buffer.from([0, 0, 0, 0, 7]);
  const padded = Buffer.concat([
    Buffer.from([3]),
    priority,
    block.subarray(0, 10),
    Buffer.alloc(3),
  ]);
  socket.write(
    Buffer.concat([
      frame(0xfe, 0xff, stream, Buffer.from('what is this')),
      frame(2, 0, stream, priority),
      frame(6, 0, 0, Buffer.from('12345678')),
      frame(1, 0x8 | 0x20, stream, padded),
      frame(9, 0, stream, block.subarray(10, 20)),
      frame(9, 0x4, stream, block.subarray(20)),
      frame(
        0,
        0x8,
        stream,
        Buffer.concat([Buffer.from([200]), Buffer.from('ok'), Buffer.alloc(200)]),
      ),
      frame(0, 0, stream, Buffer.alloc(0)),
      frame(1, 0x4 | 0x1, stream, literal('x-trailer', 'c')),
    ]),
  );
}

function literal(name: string, value: string): Buffer {
  const length =
    value.length < 127
      ? [value.length]
      : [127, (value.length - 127) | 0x80, (value.length - 127) >> 7];
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from(length),
    Buffer.from(value),
  ]);
}

function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
