import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { planSources } from '../../../../src/load/transport/uring/source-addresses.js';
import { serveNull } from '../../../fixtures/null-server.js';
import { accepting } from '../../../fixtures/peers.js';
import { phaseOf } from '../../../fixtures/phase.js';
import { hasUring } from '../../../fixtures/uring.js';
import { planned } from '../../protocol/http1/planned.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** The ports that a run in this process will come from, in order. */
function plannedPorts(address: number, count: number): number[] {
  const plan = { ...planned(), localAddresses: [{ first: address, last: address }] };
  const sources = planSources(plan, count, { index: 0, count: 1 })!;
  return Array.from({ length: count }, () => {
    sources.advance();
    return sources.port;
  });
}

/** Listens on every address, if nobody does yet. */
async function occupy(port: number): Promise<void> {
  const server = net.createServer().on('error', () => undefined);
  server.listen({ port, host: '0.0.0.0', exclusive: true });
  await Promise.race([once(server, 'listening'), once(server, 'error')]);
  cleanUps.push(() => server.close());
}

/** Connections to or from a port in TIME_WAIT (proc(5), /proc/net/tcp). */
function inTimeWait(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n');
  return lines.filter((line) => {
    const [, from, to, state] = line.trim().split(/\s+/);
    return state === '06' && [from, to].some((address) => address?.endsWith(end));
  }).length;
}

describe.runIf(hasUring)('the engine uring', () => {
  it('passes over source ports that are taken', async () => {
    const server = await accepting();
    cleanUps.push(() => server.close());
    const ports = plannedPorts(0x7f09_0001, 60);
    // One in two, and then ten in a row.
    const occupied = ports.filter((_, index) => index % 2 === 0 || (index >= 20 && index < 30));
    for (const port of occupied) await occupy(port);
    const { load } = await phaseOf(server.url, {
      engine: 'uring',
      localIps: '127.9.0.1',
      connections: '40',
      requests: '400',
      threads: '1',
    });
    expect([load.errors, load.connectErrors]).toEqual([{}, {}]);
    expect(load.connections).toMatchObject({ established: 40, opened: 40 });
    const used = server.peers.map(({ port }) => port);
    expect(used.filter((port) => occupied.includes(port))).toEqual([]);
    expect(used).toEqual(expect.arrayContaining(ports.filter((port) => !occupied.includes(port))));
  });

  it('leaves nothing of more than 10,000 connections in TIME_WAIT, over all threads', async () => {
    const server = await serveNull();
    cleanUps.push(() => server.stop());
    const { load } = await phaseOf(server.url, {
      engine: 'uring',
      localIps: '127.8.0.1-127.8.0.4',
      connections: '12000',
      requests: '12000',
      threads: '2',
    });
    expect(load.errors).toEqual({});
    expect(load.connections).toMatchObject({ established: 12_000, opened: 12_000 });
    expect(inTimeWait(Number(new URL(server.url).port))).toBe(0);
  });
});
