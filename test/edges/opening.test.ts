import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { serveUnaccepted } from '../fixtures/unaccepted.js';
import { listening, okay, okayAndClose, type Listening } from '../fixtures/listening.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';

let server: Listening | undefined;
afterEach(() => server?.close());

function scenario(...phases: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'holds.yaml');
  writeFileSync(file, `name: holds\nrequests: [{path: /}]\nphases: [${phases.join(', ')}]\n`);
  return file;
}

const missing = 'connections-not-established';
const slowHold = '{name: hold, connections: 500, rate: 0, touch: true, duration: 1500ms}';
const hold = '{name: hold, connections: 40, rate: 0, touch: true, duration: 900ms}';

describe.each(engines)('with the engine %s', (engine) => {
  it('a server that accepts 20 connections, and closes more, does not hold up the load', async () => {
    const open = new Set<unknown>();
    server = await listening((socket) => socket.write(okay), {
      accept: (socket) => {
        if (open.size >= 20) socket.destroy();
        else open.add(socket).add(socket.on('close', () => open.delete(socket)));
      },
    });
    const phase = await phaseOf(server.url, { engine, connections: '200', duration: '1500ms' });
    expect(phase.valid).toBe(false);
    const [warning] = phase.warnings.filter(({ code }) => code === missing);
    expect(warning?.message).toMatch(/closed \d+ of 200 connections right after it had accepted/);
    expect(phase.load.responses).toBeGreaterThan(0);
  });

  it.each([
    ['closes after each answer', (socket) => socket.end(okayAndClose)],
    ['ends the connection without a word', (socket) => socket.end(okay)],
  ] satisfies [string, Parameters<typeof listening>[0]][])(
    'a hold of a server that %s says so, and the load goes on',
    async (_, answer) => {
      server = await listening(answer);
      const load = '{name: load, connections: 5, duration: 300ms}';
      const { result } = await run(server.url, { engine, scenario: scenario(hold, load) });
      const [held, loaded] = result.targets[0]!.trials[0]!.phases;
      expect(held?.valid).toBe(false);
      expect(held?.warnings[0]?.message).toMatch(/does not keep connections open/);
      expect(loaded?.load.responses).toBeGreaterThan(0);
      // Each was tried when the hold began, and not again and again.
      expect(held?.load.connections.opened).toBeLessThan(40 * 12);
    },
  );

  it('a server that keeps nobody for as long as opening all takes has each opened once', async () => {
    server = await listening((socket) => {
      socket.write(okay);
      // Longer than a second: it meant to keep them.
      setTimeout(() => socket.end(), 1_200);
    });
    let atStart = -1;
    const observer = {
      phase: (_: unknown, running: boolean) => (atStart = running ? server!.accepted : atStart),
      progress: () => undefined,
    };
    const slow = { connectRate: '200', scenario: scenario(slowHold) };
    const { load, valid } = await phaseOf(server.url, { engine, observer, ...slow });
    expect(atStart).toBe(500);
    // Once the clock runs, they are opened again.
    expect(load.connections.opened).toBeGreaterThan(500);
    expect(load.connections.lost).toBeGreaterThan(100);
    expect(valid).toBe(true);
  });

  it('a hold of a server that goes on accepting is valid', async () => {
    server = await listening((socket) => socket.write(okay));
    const { valid, load } = await phaseOf(server.url, { engine, scenario: scenario(hold) });
    expect(valid).toBe(true);
    expect(load.connections).toMatchObject({ established: 40, opened: 40, failed: 0 });
  });

  it('a listen queue that is never emptied bounds the opening by the connect timeout', async () => {
    const deaf = await serveUnaccepted();
    try {
      const waits = { connectTimeout: '400ms', timeout: '400ms' };
      const shape = { connections: '3000', duration: '300ms', ...waits };
      const began = Date.now();
      let ended = Infinity;
      const observer = {
        ...{ phase: () => undefined, progress: () => undefined },
        pulse: () => (ended = Date.now()),
      };
      const { load, valid } = await phaseOf(deaf.url, { engine, observer, ...shape });
      expect(valid).toBe(false);
      expect(load.connections.failed).toBeGreaterThan(2000);
      // 3,000 handshakes, 256 at once, each until its timeout, would take 5 s and more in a row.
      expect(Date.now() - began).toBeLessThan(20_000);
      // What is being opened still does not keep a worker, which c1m would wait for: for 5 s.
      expect(Date.now() - ended).toBeLessThan(4_000);
      expect(load.connectErrors['connect-timeout']).toBeGreaterThan(0);
    } finally {
      deaf.stop();
    }
  });

  it('a closed port is told of after a second, not after the whole duration', async () => {
    server = await listening(() => undefined);
    const { url } = server;
    await server.close();
    server = undefined;
    const { load, valid, warnings } = await phaseOf(url, { engine, duration: '60s' });
    expect(load.durationSeconds).toBeLessThan(20);
    expect(valid).toBe(false);
    expect(warnings.map(({ code }) => code)).toContain('no-responses');
    expect(load.connectErrors['refused']).toBeGreaterThanOrEqual(50);
  });

  it('a closed port is told of without keep-alive, too', async () => {
    server = await listening(() => undefined);
    const { url } = server;
    await server.close();
    server = undefined;
    const options = { engine, duration: '60s', keepalive: false, rate: '50' };
    const { load } = await phaseOf(url, options);
    expect(load.durationSeconds).toBeLessThan(20);
    expect(load.connectErrors['refused']).toBeGreaterThan(0);
  });
});

it('a warm-up that reaches nothing leaves a result that says so', async () => {
  server = await listening(() => undefined);
  const { url } = server;
  await server.close();
  server = undefined;
  const { result } = await run(url, { duration: '60s', warmup: '60s' });
  const { phases } = result.targets[0]!.trials[0]!;
  expect(phases.map(({ name, valid }) => ({ name, valid }))).toHaveLength(1);
  expect(phases[0]?.load.durationSeconds).toBeLessThan(20);
  expect(phases[0]?.valid).toBe(false);
});
