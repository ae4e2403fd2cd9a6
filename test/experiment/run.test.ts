import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { firstRequestOf } from '../fixtures/first-request.js';
import { phaseOf } from '../fixtures/phase.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

describe.each(engines)('a run with the engine %s', (engine) => {
  it('sends exactly -n requests, and the server saw as many', async () => {
    served = await serve();
    const { load } = await phaseOf(served.url, { engine, requests: '1003', connections: '7' });
    expect(load.requestsSent).toBe(1003);
    expect((await served.count()).requests).toBe(1003);
  });

  it('counts what it sent in a duration as the server does, over two threads', async () => {
    served = await serve();
    const { load } = await phaseOf(served.url, { engine, duration: '900ms', threads: '2' });
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

it('ends at once when it is aborted, with what was measured', async () => {
  served = await serve();
  const interrupt = new AbortController();
  void firstRequestOf(served).then(() => setTimeout(() => interrupt.abort(), 300));
  const { result } = await run(served.url, { duration: '30s', signal: interrupt.signal });
  const trial = result.targets[0]!.trials[0]!;
  expect(trial.complete).toBe(false);
  expect(trial.load.responses).toBeGreaterThan(0);
  expect(trial.load.durationSeconds).toBeLessThan(5);
});
