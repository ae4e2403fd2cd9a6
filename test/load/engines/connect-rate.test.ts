import { afterEach, describe, expect, it } from 'vitest';
import { accepting } from '../../fixtures/peers.js';
import { phaseOf } from '../../fixtures/phase.js';
import { engines } from '../../fixtures/uring.js';

let server: Awaited<ReturnType<typeof accepting>> | undefined;
afterEach(() => server?.close());

const perSecond = 200;
const connections = 300;
const threads = 2;
/** What each thread may make up for when it was held up: 10 ms, and the one that is due. */
const burst = threads * (perSecond / threads / 100 + 1);
describe.each(engines)('the engine %s with --connect-rate', (engine) => {
  it('never has opened more connections than the rate allows, and a small burst', async () => {
    server = await accepting();
    let begun = Infinity;
    const { load } = await phaseOf(server.url, {
      engine,
      connectRate: `${perSecond}`,
      connections: `${connections}`,
      requests: `${connections}`,
      threads: `${threads}`,
      observer: {
        phase: (_, running) => {
          if (!running) begun = performance.now();
        },
        progress: () => undefined,
      },
    });
    expect(load.connections).toMatchObject({ established: connections, opened: connections });
    expect(server.peers).toHaveLength(connections);
    // The server may note late who has come, but never early.
    for (const [index, { at }] of server.peers.entries()) {
      const due = ((index + 1 - burst) / perSecond) * 1000;
      expect(at - begun).toBeGreaterThanOrEqual(due);
    }
  });
});
