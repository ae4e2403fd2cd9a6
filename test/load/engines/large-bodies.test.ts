import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../../fixtures/answering.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

let close: () => void = () => undefined;
afterEach(() => close());

interface Received {
  readonly path: string;
  readonly body: Buffer;
}

/** A server that keeps what it is sent. */
async function keeping(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url!, body: Buffer.concat(chunks) });
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

describe.each(engines)('the engine %s', (engine) => {
  // Some twenty times what the buffers hold that io_uring receives into: they run out.
  it('receives 1 MiB over each of 200 connections, and again, to the last octet', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 20}\r\n\r\n`),
      Buffer.alloc(2 ** 20, 'x'),
    ]);
    const server = await answering(() => ({ bytes, cuts: [], closes: false }));
    close = () => server.close();
    const { load } = await phaseOf(server.url, { engine, requests: '400', connections: '200' });
    expect(load.errors).toEqual({});
    expect(load.statusCodes).toEqual({ 200: 400 });
    expect(load.bytesReceived).toBe(400 * bytes.length);
    expect(server.bytesWritten).toBe(400 * bytes.length);
  });

  it('sends 5 MB over each of three connections, and again, to the last octet', async () => {
    const { url, received } = await keeping();
    const body = Buffer.from(Uint8Array.from({ length: 5_000_000 }, (_, at) => at % 251));
    const bodyFile = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'body');
    writeFileSync(bodyFile, body);
    const { load } = await phaseOf(url, { engine, requests: '9', connections: '3', bodyFile });
    expect(load.errors).toEqual({});
    expect(received).toHaveLength(9);
    for (const each of received) expect(each.body.equals(body)).toBe(true);
    expect(load.bytesSent).toBeGreaterThan(9 * body.length);
    expect(load.connections.opened).toBe(3);
  });

  it('sends each number once, the same in path and body, over two threads', async () => {
    const { url, received } = await keeping();
    const { load } = await phaseOf(`${url}at/{seq}`, {
      engine,
      requests: '2000',
      connections: '20',
      threads: '2',
      body: '{"number": {seq}}',
    });
    expect(load.errors).toEqual({});
    const paths = received.map(({ path }) => Number(path.replace('/at/', '')));
    expect(paths.sort((a, b) => a - b)).toEqual(numbers(2000));
    for (const { path, body } of received) {
      expect(`/at/${(JSON.parse(body.toString()) as { number: number }).number}`).toBe(path);
    }
  });

  it('sends large bodies that differ in their number, each as it was made', async () => {
    const { url, received } = await keeping();
    const filler = 'x'.repeat(2_000_000);
    const body = `{seq}${filler}{seq}`;
    const { load } = await phaseOf(url, { engine, requests: '12', connections: '3', body });
    expect(load.errors).toEqual({});
    const seen = received.map(({ body }) => {
      const [first, last] = body.toString().split(filler);
      expect(first).toBe(last);
      return Number(first);
    });
    expect(seen.sort((a, b) => a - b)).toEqual(numbers(12));
  });
});
