import { mkdtempSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistogramLogReader } from 'hdr-histogram-js';
import { afterEach, describe, expect, it } from 'vitest';
import { resultSchema, run } from '../../dist/index.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';
import { fullQueue, withholding, type Withheld } from '../fixtures/withholding.js';

let close: () => void = () => undefined;
afterEach(() => close());

async function serverThat(how: Withheld, isWithheld: (k: number) => boolean): Promise<string> {
  const server = await withholding(how, isWithheld);
  ({ close } = server);
  return server.url;
}

const twoOf400 = (k: number): boolean => k === 100 || k === 300;
const timeoutMicros = 500_000;
const options = { requests: '400', connections: '4', timeout: '500ms' };

describe.each(engines)('the engine %s', (engine) => {
  it.each<[string, Withheld]>([
    ['are never answered', 'never'],
    ['are answered after the timeout', 'late'],
    ['get half an answer and then nothing', 'half'],
  ])('has two requests of 400 that %s in its latencies', async (_, how) => {
    const url = await serverThat(how, twoOf400);
    const phase = await phaseOf(url, { ...options, engine });
    expect(phase.load).toMatchObject({ responses: 398, errors: { timeout: 2 } });
    expect(phase.valid).toBe(true);
    for (const times of [phase.latencyUs!, phase.serviceTimeUs!]) {
      expect(times).toMatchObject({ count: 400, censored: 2 });
      expect(times.max).toBeGreaterThanOrEqual(timeoutMicros);
      expect(times.p999).toBeGreaterThanOrEqual(timeoutMicros * 0.999);
      expect(times.lowerBounds).toEqual(['mean', 'p999', 'p9999', 'max']);
    }
    // When they were sent is known, whatever became of them.
    expect(phase.sendDelayUs).toMatchObject({ count: 400, censored: 0, lowerBounds: [] });
  });

  it('has those in them to which a server stopped to listen', async () => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.pause());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    close = () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    const bodyFile = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'body');
    writeFileSync(bodyFile, Buffer.alloc(8_000_000, 'x'));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const phase = await phaseOf(url, {
      ...{ engine, bodyFile, requests: '3', connections: '3', timeout: '500ms' },
    });
    expect(phase.load.errors).toEqual({ timeout: 3 });
    expect(phase.latencyUs).toMatchObject({ count: 3, censored: 3 });
    expect(phase.latencyUs!.min).toBeGreaterThanOrEqual(timeoutMicros);
    expect(phase.latencyUs!.lowerBounds).toContain('p50');
  });

  it('has none in them that was reset: it took no time that is known', async () => {
    const url = await serverThat('reset', twoOf400);
    const { load, latencyUs } = await phaseOf(url, { ...options, engine });
    expect(load.responses).toBe(398);
    expect(Object.keys(load.errors)).not.toContain('timeout');
    expect(latencyUs).toMatchObject({ count: 398, censored: 0, lowerBounds: [] });
  });

  it('takes a connection that waits in vain for taken, as Little’s law has it', async () => {
    // One of two connections is held for half of the time.
    const url = await serverThat('never', (k) => k === 50);
    const { load, generator } = await phaseOf(url, {
      ...{ engine, duration: '900ms', connections: '2', timeout: '450ms' },
    });
    expect(load.errors).toEqual({ timeout: 1 });
    // Without what the held one took it would be 0.75; a busy machine takes some between requests.
    expect(generator.littlesLawRatio).toBeGreaterThan(0.8);
    expect(generator.littlesLawRatio).toBeLessThan(1.1);
  });

  it('has requests in them that were due, and found no connection free to the end', async () => {
    const url = await serverThat('never', () => true);
    const { load, latencyUs, serviceTimeUs, sendDelayUs } = await phaseOf(url, {
      ...{ engine, rate: '100', duration: '900ms', connections: '1', timeout: '1s' },
    });
    expect(load).toMatchObject({ requestsSent: 1, notSent: { unsent: 89, shed: 0 } });
    expect(latencyUs).toMatchObject({ count: 90, censored: 90 });
    expect(serviceTimeUs).toMatchObject({ count: 1, censored: 1 });
    expect(sendDelayUs).toMatchObject({ count: 90, censored: 89 });
    // The first of them was due after 10 ms, the last 10 ms before the end.
    expect(sendDelayUs!.max).toBeCloseTo(890_000, -4);
    expect(latencyUs!.min).toBeCloseTo(10_000, -4);
    expect(latencyUs!.p50).toBeCloseTo(450_000, -5);
    expect(latencyUs!.max).toBeGreaterThanOrEqual(1_000_000);
  });

  it('has requests in them that were shed, at least as late as the deadline', async () => {
    const url = await serverThat('never', () => true);
    const { load, latencyUs } = await phaseOf(url, {
      ...{ engine, rate: '100', duration: '900ms', connections: '1', timeout: '700ms' },
      deadline: '100ms',
    });
    const { shed, unsent } = load.notSent;
    expect(shed).toBeGreaterThan(0);
    expect(latencyUs!.censored).toBe(shed + unsent + load.requestsSent);
    expect(latencyUs!.p50).toBeGreaterThanOrEqual(100_000 * 0.999);
  });
});

describe.each(engines)('connections that are not opened in time, with the engine %s', (engine) => {
  const connectTimeout = '300ms';
  const loaded = { engine, connections: '8', duration: '900ms', timeout: '500ms', connectTimeout };

  it('are in the connect time', async () => {
    const server = await fullQueue();
    ({ close } = server);
    const { load, connectUs, latencyUs } = await phaseOf(server.url, loaded);
    const timedOut = load.connectErrors['connect-timeout']!;
    expect(timedOut).toBeGreaterThanOrEqual(6);
    expect(connectUs!.censored).toBe(timedOut);
    expect(connectUs!.max).toBeGreaterThanOrEqual(300_000);
    expect(connectUs!.lowerBounds).toContain('p90');
    expect(latencyUs!.censored).toBe(load.errors['timeout']);
  });

  it('are in the latency of the requests that they were opened for', async () => {
    const server = await fullQueue();
    ({ close } = server);
    const phase = await phaseOf(server.url, { ...loaded, keepalive: false });
    const { load, latencyUs, serviceTimeUs } = phase;
    const timedOut = load.connectErrors['connect-timeout']!;
    expect(timedOut).toBeGreaterThan(0);
    expect(latencyUs!.censored).toBe(timedOut + (load.errors['timeout'] ?? 0));
    expect(serviceTimeUs?.censored ?? 0).toBe(load.errors['timeout'] ?? 0);
  });
});

it('what is in flight at an interrupt has taken so long already', async () => {
  const interrupt = new AbortController();
  const url = await serverThat('never', (k) => {
    // All five connections wait by then.
    if (k === 104) setTimeout(() => interrupt.abort(), 700);
    return k >= 100;
  });
  const { result } = await run(url, {
    ...{ connections: '5', duration: '60s', timeout: '60s' },
    signal: interrupt.signal,
  });
  const { load, latencyUs, serviceTimeUs } = result.targets[0]!.trials[0]!;
  expect(load).toMatchObject({ responses: 100, inFlightAtEnd: 5, errors: {} });
  expect(latencyUs).toMatchObject({ count: 105, censored: 5 });
  expect(serviceTimeUs!.censored).toBe(5);
  expect(latencyUs!.max).toBeGreaterThan(500_000);
  expect(latencyUs!.lowerBounds).toEqual(['mean', 'p99', 'p999', 'p9999', 'max']);
});

it('the interval log holds them in the latency, and once more by themselves', async () => {
  const url = await serverThat('never', twoOf400);
  const { intervalLog } = await run(url, options);
  const reader = new HistogramLogReader(intervalLog);
  const counts: Record<string, number> = {};
  let highest = 0;
  for (let line; (line = reader.nextIntervalHistogram()) !== null;) {
    counts[line.tag] = (counts[line.tag] ?? 0) + line.totalCount;
    if (line.tag.endsWith('/latency')) highest = Math.max(highest, line.maxValue);
  }
  const [phase] = Object.keys(counts).map((tag) => tag.split('/')[0]!);
  expect(counts).toMatchObject({
    [`${phase}/latency`]: 400,
    [`${phase}/serviceTime`]: 400,
    [`${phase}/latency-censored`]: 2,
    [`${phase}/serviceTime-censored`]: 2,
  });
  expect(highest).toBeGreaterThanOrEqual(timeoutMicros);
});

it('a result from before they were recorded still reads, as one without any', async () => {
  const url = await serverThat('never', () => false);
  const { result } = await run(url, { requests: '10', connections: '1' });
  const old = JSON.parse(
    JSON.stringify(result, (key, value: unknown) =>
      key === 'censored' || key === 'lowerBounds' ? undefined : value,
    ),
  ) as unknown;
  expect(resultSchema.parse(old)).toEqual(result);
});
