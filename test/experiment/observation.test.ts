import { afterEach, describe, expect, it } from 'vitest';
import {
  nothingBesides,
  observe,
  type ObservedServer,
  type ServerUse,
} from '../../dist/experiment/observation.js';
import { Load } from '../../dist/load/load.js';
import type { Origin, Phase } from '../../dist/load/plan.js';
import { steadyPhase, steadyRate } from '../../dist/load/steady-phase.js';
import { ServerSampler, type ServerWindow } from '../../dist/measure/server-sampler.js';
import { defaultMemoryLimit, toLoadPlan } from '../../src/config/load-plan.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { listening, okay, type Listening } from '../fixtures/listening.js';
import { serve, type Served } from '../fixtures/serve.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function served(...how: Parameters<typeof serve>): Promise<Served> {
  const server = await serve(...how);
  ends.push(() => server.stop());
  return server;
}

async function answering(...how: Parameters<typeof listening>): Promise<Listening> {
  const server = await listening(...how);
  ends.push(() => server.close());
  return server;
}

function reading({ process: { pid } }: Served): ObservedServer<ServerWindow> {
  const reader = new ServerSampler([pid!]);
  ends.push(() => reader.end());
  return { reader, cpuCount: 1 };
}

function originOf({ url }: { readonly url: string }): Origin {
  const port = Number(new URL(url).port);
  return { protocol: 'http:', hostname: '127.0.0.1', address: '127.0.0.1', port, path: '/' };
}

const closed = (connections: number, seconds: number): Phase =>
  steadyPhase('closed', connections, seconds * 1e6, { kind: 'closed' });

/** A load of these phases, whose connections for the first are open. */
async function loadOf(phases: readonly Phase[], origins: readonly Origin[], timeout = '1s') {
  const { scenario } = await readRunRequest({ timeout }, [`http://127.0.0.1:${origins[0]!.port}/`]);
  const plan = toLoadPlan({ ...scenario, phases }, origins, {
    ...{ engine: 'net', threads: 1, connectRatePerSecond: null },
    ...{ localAddresses: null, memoryLimit: defaultMemoryLimit, loadCpus: 1, userAgent: 'c1m' },
  });
  const load = await Load.start(plan, false, { progress: () => undefined });
  ends.push(() => load.close());
  await load.prepare(0);
  return { load, plan, spin: false, ceiling: null };
}

const nobody = { loaded: [], beside: [] };
const codes = (of: { readonly warnings: readonly { readonly code: string }[] }): string[] =>
  of.warnings.map(({ code }) => code);

describe('an observation', () => {
  it('has load, generator and server of one window, and is valid', async () => {
    const server = await served('delay', '5');
    const observed = await loadOf([closed(4, 0.6)], [originOf(server)]);
    const seen = await observe(
      observed,
      0,
      { loaded: [reading(server)], beside: [] },
      nothingBesides,
    );
    const { phase, loaded, outcome } = seen!;
    expect(phase).toMatchObject({ valid: true, warnings: [] });
    expect(phase.load.responses).toBe((await server.count()).requests);
    expect(outcome.windowSeconds).toBeCloseTo(0.6, 2);
    expect(phase.generator.cpuSeconds).toBeGreaterThan(0);
    expect(phase.generator.rssPeakBytes).toBeGreaterThan(20e6);
    expect(loaded[0]!.rssPeakBytes).toBeGreaterThan(20e6);
  });

  it('reads servers, companion and clock in one order', async () => {
    const server = await answering((socket) => socket.write(okay));
    const order: string[] = [];
    const reader = (name: string): ObservedServer<ServerUse> => ({
      cpuCount: 1,
      reader: {
        start: () => void order.push(`${name} starts`),
        finish: () => {
          order.push(`${name} ends`);
          return { seconds: 1, cpuSeconds: null, endedRoots: [] };
        },
      },
    });
    const observed = await loadOf([closed(1, 0.1)], [originOf(server)]);
    const servers = { loaded: [reader('loaded')], beside: [reader('other')] };
    await observe(observed, 0, servers, {
      begin: () => void order.push('companion begins'),
      end: () => void order.push('companion ends'),
    });
    expect(order).toEqual([
      ...['loaded starts', 'other starts', 'companion begins'],
      ...['loaded ends', 'other ends', 'companion ends'],
    ]);
  });

  it('is none where the server had ended, and sends nothing', async () => {
    let requests = 0;
    const server = await served();
    const other = await answering((socket, request) => {
      requests = request + 1;
      socket.write(okay);
    });
    const observed = await loadOf([closed(2, 0.2)], [originOf(other)]);
    const servers = { loaded: [reading(server)], beside: [] };
    server.stop();
    await new Promise((resolve) => server.process.once('exit', resolve));
    expect(await observe(observed, 0, servers, nothingBesides)).toBeNull();
    expect(requests).toBe(0);
  });

  it.each(['loaded', 'beside'] as const)(
    'is not valid where a server that is %s ends meanwhile',
    async (place) => {
      const server = await served();
      const load = await answering((socket) => socket.write(okay));
      const observed = await loadOf([closed(2, 0.8)], [originOf(load)]);
      const servers = { ...nobody, [place]: [reading(server)] };
      setTimeout(() => server.stop(), 300);
      const { phase } = (await observe(observed, 0, servers, nothingBesides))!;
      expect(codes(phase)).toEqual(['server-ended']);
      expect(phase.warnings[0]!.message).toContain(`process ${server.process.pid!} ended`);
      expect(phase.valid).toBe(false);
    },
  );

  it('is not valid where the generator was the limit', async () => {
    const server = await served('delay', '50');
    const phases = Array.from({ length: 6 }, () => closed(10, 1.2));
    const observed = await loadOf(phases, [originOf(server)]);
    const servers = { loaded: [reading(server)], beside: [] };
    let { phase } = (await observe(observed, 0, servers, nothingBesides))!;
    expect(phase).toMatchObject({ valid: true, generator: { saturated: false } });
    // On a busy machine two windows in a row may differ by more than a ceiling has room for.
    for (let index = 1; index < phases.length && !phase.generator.saturated; index++) {
      const ceiling = {
        ...{ engine: 'net', threads: 1, connections: 10, steps: [], cpuUsPerRequest: null },
        requestsPerSecond: phase.load.requestsPerSecond / 1.01,
        measuredAt: new Date().toISOString(),
      };
      await observed.load.prepare(index);
      ({ phase } = (await observe({ ...observed, ceiling }, index, servers, nothingBesides))!);
    }
    expect(codes(phase)).toContain('generator-saturated');
    expect(phase).toMatchObject({ valid: false, load: { lowerBound: true } });
  });

  it('is not valid of the side that fails, and valid of the other', async () => {
    const good = await answering((socket) => socket.write(okay));
    const bad = await answering((socket, request) => {
      if (request % 50 === 49) socket.destroy();
      else socket.write(okay);
    });
    const phases = [0, 1].map((origin) => ({ ...closed(8, 0.4), origin }));
    const observed = await loadOf(phases, [originOf(good), originOf(bad)]);
    const sides = [];
    for (const place of phases.keys()) {
      await observed.load.prepare(place);
      sides.push((await observe(observed, place, nobody, nothingBesides))!.phase);
    }
    expect(sides.map(({ valid }) => valid)).toEqual([true, false]);
    expect(codes(sides[1]!)).toContain('errors');
  });

  it('is not valid where connections are not open', async () => {
    const server = await answering((socket) => socket.write(okay), {
      accept: (socket, connection) => {
        if (connection >= 3) socket.destroy();
      },
    });
    const observed = await loadOf([closed(6, 0.3)], [originOf(server)]);
    const { phase } = (await observe(observed, 0, nobody, nothingBesides))!;
    expect(codes(phase)).toContain('connections-not-established');
    expect(phase.valid).toBe(false);
  });

  it('is not valid where the rate was not reached', async () => {
    const server = await served('delay', '200');
    const slow = steadyPhase('open', 2, 600e3, steadyRate(200));
    const observed = await loadOf([slow], [originOf(server)]);
    const { phase } = (await observe(observed, 0, nobody, nothingBesides))!;
    expect(codes(phase)).toContain('rate-not-reached');
    expect(phase.valid).toBe(false);
  });
});
