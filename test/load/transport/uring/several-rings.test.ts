import { afterEach, describe, expect, it } from 'vitest';
import { resultSchema } from '../../../../dist/index.js';
import { c1m } from '../../../fixtures/c1m.js';
import { serveNull } from '../../../fixtures/null-server.js';
import { hasUring } from '../../../fixtures/uring.js';

let server: Awaited<ReturnType<typeof serveNull>> | undefined;
afterEach(async () => {
  await server?.stop();
});

/** As `ulimit -n` does for what a shell starts. */
const under = ['/bin/sh', '-c', 'ulimit -n 256 && exec "$@"', 'sh'];

async function loadOf(args: string[]) {
  const { code, stdout, stderr } = await c1m(['run', '--json', ...args], undefined, { under });
  // 6: the machine was too busy for its figures to hold, which are not asked for here.
  expect([0, 6], stderr).toContain(code);
  return resultSchema.parse(JSON.parse(stdout)).targets[0]!.trials[0]!.load;
}

describe.runIf(hasUring)('the engine uring with at most 256 descriptors', () => {
  it.each([
    [1, 8],
    [2, 4],
  ])('over %i threads holds 2,000 connections, in %i rings each', async (threads) => {
    server = await serveNull();
    const load = await loadOf(['-c', '2000', '-n', '4000', '-t', `${threads}`, server.url]);
    expect(load).toMatchObject({ engine: 'uring', threads, responses: 4000 });
    expect(load.connections).toMatchObject({ requested: 2000, established: 2000, opened: 2000 });
    expect(load.statusCodes).toEqual({ 200: 4000 });
    expect([load.errors, load.connectErrors]).toEqual([{}, {}]);
    expect(await server.stop()).toBe(4000);
  });

  it('wakes for whichever ring has something to say', async () => {
    server = await serveNull();
    // Each of the connections is asked in turn, one at a time.
    const load = await loadOf(['-c', '2000', '-n', '2000', '-R', '1000', '-t', '1', server.url]);
    expect(load).toMatchObject({ engine: 'uring', responses: 2000, requestsPlanned: 2000 });
    expect(load.errors).toEqual({});
    expect(await server.stop()).toBe(2000);
  });
});
