import { afterEach, describe, expect, it } from 'vitest';
import { defaultMemoryLimit } from '../../src/config/load-plan.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { urlSubject } from '../../src/subject/words.js';
import { scout, type Scouted } from '../../dist/duet/scout.js';
import { speaking } from '../fixtures/speaking.js';
import { listening, okay, okayAndClose, type Listening } from '../fixtures/listening.js';

const { signal } = new AbortController();
const servers: Listening[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serving(answer: Parameters<typeof listening>[0]): Promise<Contender> {
  const server = await listening(answer);
  servers.push(server);
  return contenderOf(urlSubject([`127.0.0.1:${server.port}`], null), signal);
}

async function scouted(
  base: Contender,
  unknown: Parameters<typeof scout>[3],
  flags: Parameters<typeof readRunRequest>[0] = {},
): Promise<Scouted> {
  const { scenario } = await readRunRequest(flags, ['http://127.0.0.1:1/']);
  const setting = {
    scenario,
    settings: {
      ...{ engine: 'net' as const, threads: 1, connectRatePerSecond: null },
      ...{ localAddresses: null, memoryLimit: defaultMemoryLimit, loadCpus: 1, userAgent: 'c1m' },
    },
    warmUp: { cpus: [], mostSeconds: 2 },
    ...{ targetCpus: [], spin: false, countedEvent: null, random: () => 0.3 },
  } as const;
  return scout(base, setting, 4, unknown, signal);
}

describe('what is found out before the first pair', () => {
  it('is a rate of 40 % of what the base can do, and no more than it was asked for', async () => {
    // Four connections, each answered after 20 ms: 200 a second.
    const base = await serving((socket) => setTimeout(() => socket.write(okay), 20));
    const { ratePerSecond, heldConnections } = await scouted(base, {
      rate: true,
      mostHeld: null,
      ofStreams: false,
    });
    expect(ratePerSecond).toBeGreaterThan(40);
    expect(ratePerSecond).toBeLessThan(81);
    expect(heldConnections).toBeNull();
  });

  it('is how many connections both can open in 1.8 s, and not more than may be held', async () => {
    // Each answered after 100 ms, 48 at once: 480 a second, of which each side has half.
    const base = await serving((socket) => setTimeout(() => socket.write(okay), 100));
    const { heldConnections } = await scouted(base, {
      rate: false,
      mostHeld: 8_000,
      ofStreams: false,
    });
    expect(heldConnections).toBeGreaterThan(100);
    expect(heldConnections).toBeLessThan(433);
    const few = await scouted(base, { rate: false, mostHeld: 50, ofStreams: false });
    expect(few).toEqual({
      ...{ heldConnections: 50, ratePerSecond: null, startupMs: null, lacking: [] },
    });
  });

  it('is that a server keeps none', async () => {
    const base = await serving((socket) => socket.end(okayAndClose));
    const { heldConnections } = await scouted(base, {
      rate: false,
      mostHeld: 8_000,
      ofStreams: false,
    });
    expect(heldConnections).toBeNull();
  });

  const ofStreams = { rate: true, mostHeld: null, ofStreams: true };

  it('is which figures base’s streams of events have, and a rate though none ends in the load', async () => {
    // Four connections, each with a stream of a second: four a second, of which 40 %.
    const base = await serving(speaking([0, 500, 1_000]));
    const { ratePerSecond, lacking } = await scouted(base, ofStreams, { stream: 'sse' });
    expect(ratePerSecond).toBeGreaterThan(0.8);
    expect(ratePerSecond).toBeLessThan(1.7);
    expect(lacking).toEqual([]);
    const once = await serving(speaking([20]));
    const { lacking: without } = await scouted(once, ofStreams, { stream: 'sse' });
    expect(without).toEqual(['betweenEvents.p50', 'betweenEvents.p99']);
  });

  it('is that streams have no end, for which each slice would wait', async () => {
    const endless = await serving(speaking(Array.from({ length: 60 }, (_, k) => k * 100)));
    const long = { stream: 'sse', timeout: '1500ms' };
    await expect(scouted(endless, ofStreams, long)).rejects.toThrow(
      /4 of base’s streams went on for 1.5 s after a slice of load/,
    );
    // Where they are cut soon, there are events, but no requests that were answered.
    const { lacking } = await scouted(endless, ofStreams, { stream: 'sse', timeout: '150ms' });
    expect(lacking).toEqual([
      ...['requestsPerSecond', 'cpuUsPerRequest', 'instructionsPerRequest', 'p50', 'p99'],
    ]);
  }, 20_000);
});
