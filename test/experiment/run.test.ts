import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { phaseOf } from '../fixtures/phase.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

/** Resolves once the load has begun, however long the machine took for that. */
async function servedFirst(server: Served): Promise<void> {
  while ((await server.count()).requests === 0) await sleep(20);
}

describe.each(engines)('a run with the engine %s', (engine) => {
  it('sends exactly -n requests, and the server saw as many', async () => {
    served = await serve();
    const { load } = await phaseOf(served.url, { engine, requests: '1003', connections: '7' });
    expect(load.requestsSent).toBe(1003);
    expect((await served.count()).requests).toBe(1003);
  });

  it('counts what it sent in a duration as the server does, over two threads', async () => {
    served = await serve();
    const { load } = await phaseOf(served.url, { engine, duration: '1s', threads: '2' });
    expect((await served.count()).requests).toBe(load.requestsSent);
    expect(load.connections).toMatchObject({ requested: 50, established: 50, opened: 50 });
  });

  it('accounts for resets, and reconnects', async () => {
    served = await serve('reset');
    const { load } = await phaseOf(served.url, { engine, requests: '500', connections: '5' });
    expect((await served.count()).requests).toBe(500);
    const failed = (load.errors['reset'] ?? 0) + (load.errors['closed-before-response'] ?? 0);
    expect(failed).toBe(50);
  });

  it('reconnects where the server closes after each response', async () => {
    served = await serve('close');
    const { load } = await phaseOf(served.url, { engine, requests: '200', connections: '5' });
    expect(load.responses).toBe(200);
    expect(load.errors).toEqual({});
  });

  it('opens a connection for each request without keep-alive', async () => {
    served = await serve();
    const options = { engine, requests: '200', connections: '5', keepalive: false };
    const { load } = await phaseOf(served.url, options);
    expect(load.responses).toBe(200);
    expect((await served.count()).connections).toBeGreaterThanOrEqual(200);
  });

  it('ends within duration and timeout when nothing is ever answered', async () => {
    served = await serve('hang');
    const options = { engine, duration: '500ms', timeout: '500ms', connections: '3' };
    const { load, valid } = await phaseOf(served.url, options);
    expect(load.errors['timeout']).toBeGreaterThanOrEqual(3);
    expect(valid).toBe(false);
  });

  it('ends a hold whose connections are never served', async () => {
    served = await serve('hang');
    const scenario = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'hold.yaml');
    const hold = '{name: hold, connections: 20, rate: 0, touch: true, duration: 300ms}';
    writeFileSync(scenario, `name: hold\nrequests: [{path: /}]\nphases: [${hold}]\n`);
    const { load } = await phaseOf(served.url, { engine, scenario, timeout: '300ms' });
    expect(load.errors['timeout']).toBeGreaterThanOrEqual(20);
  });

  it('calls garbage malformed', async () => {
    served = await serve('garbage');
    const { load } = await phaseOf(served.url, { engine, requests: '5', connections: '1' });
    expect(load.errors).toEqual({ malformed: 5 });
  });

  it('says that the connection is refused', async () => {
    const { load, warnings } = await phaseOf('http://127.0.0.1:9/', { engine, duration: '200ms' });
    expect(load.connectErrors['refused']).toBeGreaterThanOrEqual(50);
    expect(warnings.map(({ code }) => code)).toContain('no-responses');
  });

  it('counts a 500 under its status', async () => {
    served = await serve('status', '500');
    const { load, warnings } = await phaseOf(served.url, { engine, requests: '20' });
    expect(load.statusCodes).toEqual({ 500: 20 });
    expect(warnings.map(({ code }) => code)).toContain('error-statuses');
  });
});

describe.each(engines)('an open workload with the engine %s', (engine) => {
  it('shows a server that stood still for a second in latency, not in service time', async () => {
    served = await serve();
    const { process: server, url } = served;
    void servedFirst(served).then(async () => {
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
    const options = { engine, rate: '100', duration: '2s', connections: '1', deadline: '50ms' };
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

it('ends at once when it is aborted, with what was measured', async () => {
  served = await serve();
  const interrupt = new AbortController();
  void servedFirst(served).then(() => setTimeout(() => interrupt.abort(), 300));
  const { result } = await run(served.url, { duration: '30s', signal: interrupt.signal });
  const trial = result.targets[0]!.trials[0]!;
  expect(trial.complete).toBe(false);
  expect(trial.load.responses).toBeGreaterThan(0);
  expect(trial.load.durationSeconds).toBeLessThan(5);
});
