import { constants } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { http2Server, resetStream } from '../../fixtures/http2-server.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

type Server = Awaited<ReturnType<typeof http2Server>>;
type Asked = Parameters<Parameters<typeof http2Server>[0]>[1];

let server: Server | undefined;
afterEach(() => server?.close());

const later = ({ ok }: Asked): void => void setTimeout(ok, 30);

/** How many requests each connection carried at once at the most, and how many connections there were. */
function watched(answer: (k: number, asked: Asked) => void) {
  const now = new Map<unknown, number>();
  const most = new Map<unknown, number>();
  const served = http2Server((k, asked) => {
    const { socket, stream } = asked;
    const under = (now.get(socket) ?? 0) + 1;
    now.set(socket, under);
    most.set(socket, Math.max(most.get(socket) ?? 0, under));
    stream.once('close', () => now.set(socket, now.get(socket)! - 1));
    answer(k, asked);
  });
  return { served, most };
}

describe.each(engines)('with %s, several requests at once on a connection', (engine) => {
  it('are as many as streams are asked for, on each of the connections, and no more', async () => {
    const { served, most } = watched((_, asked) => later(asked));
    server = await served;
    const flags = { engine, http2: true, streams: 5, connections: 3, requests: 300, threads: 2 };
    const { load, latencyUs } = await phaseOf(server.url, flags);
    expect(load.responses).toBe(300);
    expect(server.requests).toBe(300);
    expect([...most.values()]).toEqual([5, 5, 5]);
    expect(latencyUs!.p50).toBeGreaterThanOrEqual(30_000);
  });

  it('carry the rate of an open load, each with its own intended start', async () => {
    const { served, most } = watched((_, asked) => void setTimeout(asked.ok, 100));
    server = await served;
    const flags = { engine, http2: true, streams: 10, connections: 2, rate: 50, duration: '1s' };
    const { load, latencyUs } = await phaseOf(server.url, { ...flags, threads: 1 });
    expect(load.responses).toBe(50);
    // 50/s of 100 ms each are five at once (Little's law); the 20 that there may be are for a server
    // that was held up.
    expect([...most.values()].reduce((sum, n) => sum + n)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...most.values())).toBeLessThanOrEqual(10);
    expect(latencyUs!.p50).toBeGreaterThanOrEqual(100_000);
  });

  it('fail alone where the fault is of one stream, and their connection goes on', async () => {
    const { served, most } = watched((k, asked) => {
      if (k % 50 === 20) resetStream(asked, constants.NGHTTP2_REFUSED_STREAM);
      else later(asked);
    });
    server = await served;
    const flags = { engine, http2: true, streams: 4, connections: 2, requests: 200 };
    const { load } = await phaseOf(server.url, flags);
    expect(load.errors).toEqual({ 'refused-stream': 4 });
    expect(load.responses).toBe(196);
    expect(most.size).toBe(2);
    expect(load.connections.lost).toBe(0);
  });

  it('time out alone: the stream is reset, and its connection goes on', async () => {
    const aborted: number[] = [];
    const { served, most } = watched((k, asked) => {
      if (k === 7) asked.stream.once('aborted', () => aborted.push(k));
      else later(asked);
    });
    server = await served;
    const flags = {
      engine,
      http2: true,
      streams: 4,
      connections: 2,
      requests: 400,
      timeout: '300ms',
    };
    const { load } = await phaseOf(server.url, flags);
    expect(load.errors).toEqual({ timeout: 1 });
    expect(load.responses).toBe(399);
    expect(most.size).toBe(2);
    expect(aborted).toEqual([7]);
  });

  it('fail together where their connection is lost, which is replaced', async () => {
    const { served, most } = watched((k, asked) => {
      if (k === 100) asked.socket.resetAndDestroy();
      else later(asked);
    });
    server = await served;
    const flags = { engine, http2: true, streams: 4, connections: 2, requests: 200 };
    const { load } = await phaseOf(server.url, flags);
    const failed = Object.values(load.errors).reduce((sum, n) => sum + n, 0);
    expect(Object.keys(load.errors)).toEqual(['reset']);
    expect(failed).toBeGreaterThanOrEqual(1);
    expect(failed).toBeLessThanOrEqual(4);
    expect(load.responses).toBe(200 - failed);
    expect(most.size).toBe(3);
  });
});

it.each([
  [{ streams: 2 }, /streams.*HTTP\/1.1 carries one request at a time/s],
  [{ streams: 2, http2: true, keepalive: false }, /streams.*without keep-alive/s],
  [{ streams: 101, http2: true }, /streams.*more than 100/s],
])('%j is refused', async (flags, problem) => {
  await expect(phaseOf('http://127.0.0.1:9/', flags)).rejects.toThrow(problem);
});
