import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-protocols-'));
const phases = `
phases:
  - { name: throughput, duration: 300ms, connections: 4 }
  - { name: latency, duration: 300ms, connections: 4, rate: 50/s }
`;

/** Compares with a short load, in a single trial each. */
async function compared(name: string, scenario: string, words: readonly string[]) {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `name: ${name}\n${scenario}`);
  const flags = ['--scenario', file, '--trials', '1', '-o', folder, '--json'];
  const { code, stdout, stderr } = await c1m(['compare', ...flags, ...words]);
  expect(stderr).not.toContain('failed');
  expect(code).toBe(0);
  const result = resultSchema.parse(JSON.parse(stdout));
  const report = await c1m(['report', join(folder, `${result.id}.json`)]);
  const load = result.targets[0]!.trials[0]!.load;
  expect(load.errors).toEqual({});
  expect(load.responses).toBeGreaterThan(10);
  return { load, trial: result.targets[0]!.trials[0]!, report: report.stdout, result };
}

describe('c1m compare', () => {
  it('over HTTP/2, several streams on each connection', async () => {
    const { load, report } = await compared('requests', `requests: [{ path: /json }]${phases}`, [
      ...['--http2', '--streams', '4', 'node-http2'],
    ]);
    expect(load.negotiated).toMatchObject([{ http: '2' }]);
    expect(Object.keys(load.statusCodes)).toEqual(['200']);
    expect(report).toContain('requests/s');
    expect(report).toContain('The load went over HTTP/2.');
  });

  it('of streams of events, which are those of the contract where no path is said', async () => {
    const { trial, report } = await compared('events', `requests: [{ stream: sse }]${phases}`, [
      'node-http',
    ]);
    const { events } = trial.phases[1]!;
    expect(events!.streams).toBeGreaterThan(5);
    expect(events!.received).toBe(100 * events!.streams);
    expect(report).toContain('events/s');
    expect(report).toContain('TTFT');
  });

  it('of messages over WebSockets', async () => {
    const scenario = `protocol: websocket\nrequests: [{ body: 'hello {seq}' }]${phases}`;
    const { load, report } = await compared('messages', scenario, ['node-ws']);
    expect(load.unit).toBe('message');
    expect(load.negotiated).toMatchObject([{ http: 'websocket' }]);
    expect(report).toContain('messages/s');
    expect(report).toContain('CPU/msg');
    expect(report).toContain('The load went over WebSocket.');
  });

  it('of a fan-out, whose members are in the room', async () => {
    const scenario = `protocol: websocket
fanOut: true
requests: [{ body: 'hello {seq}' }]
phases: [{ name: fan-out, duration: 500ms, connections: 5, rate: 40/s }]`;
    const { load, report } = await compared('fan-out', scenario, ['node-ws']);
    expect(load.fanOut).toMatchObject({ receivers: 4, expected: 80, delivered: 80 });
    expect(report).toContain('deliveries/s');
  });

  it('says what is wrong with streams, and who speaks HTTP/2, before it starts anything', async () => {
    const alone = await c1m(['compare', '--streams', '4', 'go-nethttp']);
    expect(alone.stderr).toContain('--streams: a connection of HTTP/1.1 carries one request');
    const other = await c1m(['compare', '--http2', 'node-http']);
    expect(other.stderr).toContain('node-http: does not speak HTTP/2');
    expect(other.stderr).toContain('Take one of go-nethttp, node-http2.');
    expect([alone.code, other.code]).toEqual([2, 2]);
  });
});
