import { setTimeout as wait } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';
import { webSocketServer } from '../../fixtures/websocket-server.js';

type Server = Awaited<ReturnType<typeof webSocketServer>>;

let server: Server | undefined;
afterEach(() => server?.close());

const ours = engines.filter((engine) => engine !== 'undici');

/** A room: what one says is sent on as a server's own part has it, to each that is there. */
async function room(
  tell: (listener: WebSocket, text: string, message: number, place: number) => void,
): Promise<Server> {
  const all: WebSocket[] = [];
  server = await webSocketServer(
    (_, message, _binary, number) => {
      for (const [place, listener] of all.entries()) {
        tell(listener, (message as Buffer).toString(), number, place);
      }
    },
    (socket) => {
      socket.send('welcome');
      all.push(socket);
    },
  );
  return server;
}

/** A timer of Node's counts from when its loop's turn began, which may be a while ago. */
async function atLeast(millis: number): Promise<void> {
  const end = performance.now() + millis;
  for (let left = millis; left > 0; left = end - performance.now()) await wait(Math.ceil(left));
}

describe.each(ours)('a fan-out, with %s,', (engine) => {
  const asked = {
    ...{ engine, fanOut: true, connections: 20, threads: 2, timeout: '5s' },
    ...{ body: 'hello {seq}', rate: 50, duration: '600ms' },
  } as const;

  it('counts what came to each receiver, and no greeting, nor what the publisher hears', async () => {
    const { url, seen } = await room((listener, text) => listener.send(text));
    const { load, latencyUs, valid, warnings } = await phaseOf(url, asked);
    expect(load.fanOut).toEqual({
      ...{ receivers: 19, expected: 30 * 19, delivered: 30 * 19, duplicates: 0 },
      deliveredInWindow: load.fanOut!.deliveredInWindow,
    });
    expect(load).toMatchObject({ unit: 'message', requestsSent: 30, responses: 30, errors: {} });
    expect(latencyUs).toMatchObject({ count: 30 * 19, censored: 0 });
    expect(seen.messages).toBe(30);
    expect(warnings.map(({ code }) => code)).not.toContain('deliveries-lost');
    expect(valid || warnings.every(({ code }) => code.startsWith('generator'))).toBe(true);
  });

  it('takes as long as the server, from when the message should have gone out', async () => {
    const { url } = await room((listener, text) => {
      void atLeast(60).then(() => listener.send(text));
    });
    const { latencyUs } = await phaseOf(url, asked);
    expect(latencyUs!.min).toBeGreaterThanOrEqual(59_000);
    expect(latencyUs!.p50).toBeLessThan(1_000_000);
  });

  it('loses what the server loses, or sends too late, and counts what it sends twice', async () => {
    const { url } = await room((listener, text, message) => {
      if (message % 10 === 0) return;
      if (message % 10 === 1) void wait(1_400).then(() => listener.send(text));
      else listener.send(text);
      if (message % 10 === 2) listener.send(text);
    });
    const { load, latencyUs, warnings } = await phaseOf(url, { ...asked, timeout: '1s' });
    expect(load.fanOut).toMatchObject({ expected: 570, delivered: 456, duplicates: 57 });
    expect(latencyUs).toMatchObject({ count: 570, censored: 114 });
    expect(latencyUs!.max).toBeGreaterThanOrEqual(1_000_000);
    expect(latencyUs!.lowerBounds).toContain('p99');
    expect(warnings.map(({ code }) => code)).toContain('deliveries-lost');
  });

  it('knows messages in whatever order and wrapping they come', async () => {
    const held: string[] = [];
    const { url } = await room((listener, text, message, place) => {
      held[message] = text;
      if (message % 2 === 0) return;
      // The later one first, both in one; fragments, and a ping in between.
      const both = `${JSON.stringify({ text })}\n${JSON.stringify({ text: held[message - 1] })}`;
      const middle = both.length >> (1 + (place % 3));
      listener.send(both.slice(0, middle), { fin: false });
      listener.ping();
      listener.send(both.slice(middle), { fin: true });
    });
    const { load } = await phaseOf(url, { ...asked, body: '{"id":{seq},"again":"{seq}"}' });
    expect(load.fanOut).toMatchObject({ expected: 570, delivered: 570, duplicates: 0 });
  });

  it('of a server that sends nothing on is not valid', async () => {
    const { url } = await room(() => undefined);
    const { load, valid, warnings } = await phaseOf(url, {
      ...asked,
      requests: 5,
      timeout: '500ms',
    });
    expect(load.fanOut).toMatchObject({ expected: 95, delivered: 0 });
    expect(valid).toBe(false);
    expect(warnings.map(({ code }) => code)).toContain('no-deliveries');
  });
});

describe('a fan-out', () => {
  const fine = { fanOut: true, connections: 4, body: '{seq}', rate: 10, duration: '1s' } as const;

  it.each([
    [{ rate: undefined }, /Give a rate/],
    [{ body: 'hello' }, /\{seq\}/],
    [{ body: '{seq:4}' }, /without digits/],
    [{ connections: 1 }, /2 or more/],
    [{ keepalive: false }, /keep their connections/],
    [{ deadline: '1s' }, /deadline/],
  ])('is refused with %j', async (changed, why) => {
    const { rate, ...rest } = { ...fine, ...changed };
    const options = { ...rest, ...(rate === undefined ? {} : { rate }) };
    await expect(phaseOf('ws://127.0.0.1:1/', options)).rejects.toThrow(why);
  });

  it('is of WebSockets only', async () => {
    await expect(phaseOf('http://127.0.0.1:1/', fine)).rejects.toThrow(/ws:\/\//);
  });
});
