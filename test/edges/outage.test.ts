import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { listening, okay, type Listening } from '../fixtures/listening.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';

let server: Listening | undefined;
afterEach(() => server?.close());

const awayMillis = 1_500;

describe.each(engines)('with the engine %s', (engine) => {
  it('a server that was away is charged with its absence, and no pause of c1m’s on top', async () => {
    server = await listening((socket) => socket.write(okay));
    const { port, url } = server;
    const load = phaseOf(url, { engine, rate: '200', connections: '20', duration: '4s' });
    while (server.accepted < 20) await sleep(10);
    await sleep(1_000);
    const left = performance.now();
    await server.close();
    await sleep(awayMillis);
    server = await listening((socket) => socket.write(okay), { port });
    const away = performance.now() - left;
    const { latencyUs, generator } = await load;
    const lag = (generator.pacingLagUs?.max ?? 0) / 1000;
    expect(latencyUs!.max / 1000).toBeGreaterThan(awayMillis * 0.9);
    expect(latencyUs!.max / 1000).toBeLessThan(away + 250 + lag);
  });

  it('a closed workload goes on as soon as the server is back', async () => {
    server = await listening((socket) => socket.write(okay));
    const { port, url } = server;
    let first = Infinity;
    const load = phaseOf(url, { engine, connections: '4', duration: '3500ms' });
    while (server.accepted < 4) await sleep(10);
    await sleep(500);
    await server.close();
    await sleep(awayMillis);
    server = await listening(
      (socket) => {
        first = Math.min(first, performance.now());
        socket.write(okay);
      },
      { port },
    );
    const back = performance.now();
    await load;
    expect(first - back).toBeLessThan(250);
  });
});
