import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Beside } from '../../src/claims/arms/beside.js';
import type { RunningServer } from '../../src/subject/running-server.js';
import { eventually } from '../targets/fixtures.js';

let server: Server | undefined;
afterEach(() => server?.close());

/** A server whose own port answers /debug/vars and nothing else; with what it was asked. */
async function debugged(): Promise<{ running: RunningServer; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.statusCode = request.url === '/debug/vars' ? 200 : 404;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const probeUrls = [`http://127.0.0.1:${port}/probe`];
  return { running: { pids: [process.pid], probeUrls } as unknown as RunningServer, asked };
}

const scraping = (path: string) => ({ scrape: { path, everyMillis: 5 }, calls: [] });

it('a page is asked for again and again beside a load, and each answer is counted', async () => {
  const { running, asked } = await debugged();
  const beside = await Beside.start(scraping('/debug/vars'), running);
  expect(await eventually(() => Promise.resolve(asked.length >= 3), 10_000)).toBe(true);
  await beside.close();
  // The last one may have been cut off.
  const { scrapes } = await beside.readings(100);
  expect(scrapes).toBeGreaterThanOrEqual(asked.length - 1);
  expect(scrapes).toBeLessThanOrEqual(asked.length);
  const before = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toHaveLength(before);
});

it('a page that is not there makes the run fail, with its status', async () => {
  const { running, asked } = await debugged();
  const beside = await Beside.start(scraping('/debug/heap'), running);
  expect(await eventually(() => Promise.resolve(asked.length >= 2), 10_000)).toBe(true);
  await beside.close();
  await expect(beside.readings(100)).rejects.toThrow(/\/debug\/heap answered 404/);
});

it('a server without a port of its own for it is refused, with what it needs', async () => {
  const running = { pids: [], probeUrls: [] } as unknown as RunningServer;
  await expect(Beside.start(scraping('/debug/vars'), running)).rejects.toThrow(
    /no port beside that of its service, where \/debug\/vars/,
  );
});
