import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { firstRequestOf } from '../fixtures/first-request.js';
import { phaseOf } from '../fixtures/phase.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

describe.each(engines)('an open workload with the engine %s', (engine) => {
  it('shows a server that stood still for a second in latency, not in service time', async () => {
    served = await serve();
    const { process: server, url } = served;
    void firstRequestOf(served).then(async () => {
      await sleep(1_000);
      server.kill('SIGSTOP');
      await sleep(1_000);
      server.kill('SIGCONT');
    });
    const options = { engine, rate: '1000', duration: '5s', connections: '10', threads: '1' };
    const { load, latencyUs, serviceTimeUs } = await phaseOf(url, options);
    expect(load.requestsPlanned).toBe(5_000);
    // A fifth of the requests was due while it stood still: one in ten waited half a second.
    expect(latencyUs!.p90).toBeGreaterThan(300_000);
    expect(latencyUs!.p99).toBeGreaterThan(850_000);
    // Only the ten that were on the wire waited there.
    expect(serviceTimeUs!.p99).toBeLessThan(300_000);
    expect(serviceTimeUs!.max).toBeGreaterThan(850_000);
  });

  it('sheds what is later than the deadline, and says so', async () => {
    served = await serve('delay', '100');
    const options = { engine, rate: '100', duration: '900ms', connections: '1', deadline: '50ms' };
    const { load } = await phaseOf(served.url, options);
    expect(load.notSent.shed).toBeGreaterThan(50);
  });

  it('arrives at the server evenly, without bursts', async () => {
    served = await serve('arrivals');
    const options = { engine, rate: '200', duration: '3s', connections: '10', threads: '2' };
    await phaseOf(served.url, options);
    const { arrivals } = await served.count();
    expect(arrivals).toHaveLength(600);
    // How far each is from an even 5 ms grid: half of them within 2 ms.
    const grid = arrivals.map((at, k) => at - k * 5).sort((x, y) => x - y);
    const off = grid.map((at) => Math.abs(at - grid[300]!)).sort((x, y) => x - y);
    expect(off[300]).toBeLessThan(2);
    // No tenth of a second holds more than its share of 20, and the jitter of one.
    const busiest = Math.max(
      ...arrivals.map((at) => arrivals.filter((o) => o >= at && o < at + 100).length),
    );
    expect(busiest).toBeLessThanOrEqual(40);
  });
});
