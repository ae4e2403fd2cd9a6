import { afterEach, describe, expect, it } from 'vitest';
import { c1m } from '../fixtures/c1m.js';
import { listening, okay, type Listening } from '../fixtures/listening.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';

let server: Listening | undefined;
afterEach(() => server?.close());

describe.each(engines)('with the engine %s', (engine) => {
  it('a request without keep-alive ends its connection, where the server does not', async () => {
    server = await listening((socket) => socket.write(okay));
    const options = { engine, requests: '100', connections: '8', keepalive: false };
    const { load, valid } = await phaseOf(server.url, options);
    expect(load.responses).toBe(100);
    expect(server.accepted).toBe(100);
    expect(valid).toBe(true);
  });

  it('a closed workload without keep-alive is valid, the connect being in the time of a slot', async () => {
    server = await listening((socket) => socket.write(okay));
    const options = { engine, duration: '1500ms', connections: '8', keepalive: false };
    const phase = await phaseOf(server.url, options);
    expect(phase.warnings.map(({ code }) => code)).not.toContain('littles-law');
    expect(phase.generator.littlesLawRatio).toBeGreaterThan(0.9);
    expect(phase.generator.littlesLawRatio).toBeLessThan(1.1);
    expect(server.accepted).toBeGreaterThan(16);
  });

  it('a number of requests that was not reached is never valid', async () => {
    // It answers ten, and then nothing any more.
    server = await listening((socket, request) => {
      if (request < 10) socket.write(okay);
    });
    const waits = { timeout: '300ms', connectTimeout: '300ms' };
    const phase = await phaseOf(server.url, {
      engine,
      requests: '1000',
      connections: '2',
      ...waits,
    });
    expect(phase.load.requestsSent).toBeLessThan(1000);
    expect(phase.valid).toBe(false);
    const [warning] = phase.warnings.filter(({ code }) => code === 'requests-not-sent');
    expect(warning?.message).toMatch(
      /^Only \d+ of the 1000 .* given up, since nothing was answered/,
    );
  });

  it('a rate that is slower than the timeouts is no stall', async () => {
    server = await listening((socket) => socket.write(okay));
    const waits = { timeout: '200ms', connectTimeout: '200ms' };
    const options = { engine, rate: '1.5', requests: '3', connections: '1', ...waits };
    const { load, valid } = await phaseOf(server.url, options);
    expect(load.responses).toBe(3);
    expect(valid).toBe(true);
  });
});

it('exits with 6 where a number of requests was not reached', async () => {
  server = await listening((socket, request) => {
    if (request < 10) socket.write(okay);
  });
  const waits = ['--timeout', '300ms', '--connect-timeout', '300ms'];
  const { code, stdout } = await c1m(['run', '-n', '500', '-c', '2', ...waits, server.url]);
  expect(code).toBe(6);
  expect(stdout).toContain('of the 500 requests that were asked for were sent');
});

it('with a duration too, the number is the most that is sent, and no shortfall', async () => {
  server = await listening((socket) => setTimeout(() => socket.write(okay), 50));
  const options = { requests: '1000', duration: '400ms', connections: '2' };
  const { load, valid } = await phaseOf(server.url, options);
  expect(load.requestsSent).toBeLessThan(1000);
  expect(valid).toBe(true);
});
