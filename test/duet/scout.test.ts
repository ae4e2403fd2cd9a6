import { afterEach, describe, expect, it } from 'vitest';
import { defaultMemoryLimit } from '../../src/config/load-plan.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { urlSubject } from '../../src/subject/words.js';
import { scout, type Scouted } from '../../dist/duet/scout.js';
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

async function scouted(base: Contender, unknown: Parameters<typeof scout>[3]): Promise<Scouted> {
  const { scenario } = await readRunRequest({}, ['http://127.0.0.1:1/']);
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
    const { ratePerSecond, heldConnections } = await scouted(base, { rate: true, mostHeld: null });
    expect(ratePerSecond).toBeGreaterThan(40);
    expect(ratePerSecond).toBeLessThan(81);
    expect(heldConnections).toBeNull();
  });

  it('is how many connections both can open in 1.8 s, and not more than may be held', async () => {
    // Each answered after 100 ms, 48 at once: 480 a second, of which each side has half.
    const base = await serving((socket) => setTimeout(() => socket.write(okay), 100));
    const { heldConnections } = await scouted(base, { rate: false, mostHeld: 8_000 });
    expect(heldConnections).toBeGreaterThan(100);
    expect(heldConnections).toBeLessThan(433);
    const few = await scouted(base, { rate: false, mostHeld: 50 });
    expect(few).toEqual({ heldConnections: 50, ratePerSecond: null, startupMs: null });
  });

  it('is that a server keeps none', async () => {
    const base = await serving((socket) => socket.end(okayAndClose));
    const { heldConnections } = await scouted(base, { rate: false, mostHeld: 8_000 });
    expect(heldConnections).toBeNull();
  });
});
