import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readRunRequest } from '../../src/config/run-request.js';
import { defaultMemoryLimit } from '../../src/config/load-plan.js';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { mostHeld } from '../../src/duet/gate.js';
import { measurePair, type DuetSetting } from '../../dist/duet/pair-measurement.js';
import { ratiosOf } from '../../src/duet/pair-ratios.js';
import { urlSubject } from '../../src/subject/words.js';
import { serve } from '../fixtures/serve.js';
import { speaking } from '../fixtures/speaking.js';
import { listening, okay, type Listening } from '../fixtures/listening.js';

const { signal } = new AbortController();
const servers: Listening[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A build whose server is one of the test's own, of this process. */
async function contender(...how: Parameters<typeof listening>): Promise<Contender> {
  const server = await listening(...how);
  servers.push(server);
  const { port } = server;
  return contenderOf(urlSubject([`127.0.0.1:${port}`], null), signal);
}

async function setting(
  heldConnections: number,
  flags: Parameters<typeof readRunRequest>[0] = {},
): Promise<DuetSetting> {
  const { scenario } = await readRunRequest(flags, ['http://127.0.0.1:1/']);
  return {
    scenario,
    load: { connections: 4, heldConnections, ratePerSecond: 200, sliceMicros: 100e3, blocks: 1 },
    settings: {
      ...{ engine: 'net', threads: 1, connectRatePerSecond: null },
      ...{ localAddresses: null, memoryLimit: defaultMemoryLimit, loadCpus: 1, userAgent: 'c1m' },
    },
    warmUp: { cpus: [], mostSeconds: 4 },
    ...{ targetCpus: [], asideCpus: null, spin: false, countedEvent: null, random: () => 0.3 },
  };
}

const holds = { startUps: false, holds: true, closed: false, open: false };
const closed = { startUps: false, holds: false, closed: true, open: false };

/** What a pair of the stages asked for gives, over 40 held connections. */
async function pairOf(contenders: Parameters<typeof measurePair>[0], stages: typeof holds) {
  return ratiosOf(await measurePair(contenders, await setting(40), stages, signal), stages);
}

describe('a pair', () => {
  it('is valid where both hold all connections', async () => {
    const [base, head] = [await serving(), await serving()];
    const pair = await pairOf({ base, head }, holds);
    expect(pair.valid).toBe(true);
  });

  it('has base’s own figures too, which a floor is a share of', async () => {
    const [base, head] = [await serving(), await serving()];
    const pair = await pairOf({ base, head }, closed);
    if (!pair.valid) throw new Error(pair.reason);
    expect(pair.base!.requestsPerSecond).toBeGreaterThan(100);
    expect(Object.keys(pair.base!)).toEqual(Object.keys(pair.ratios));
  });
  it.runIf(process.platform === 'linux')(
    'is valid where servers work on by themselves, for no slice has the other’s work in it',
    async () => {
      const contenders = { base: await restless(), head: await restless() };
      const measured = await measurePair(contenders, await setting(8), closed, signal);
      const unrest = measured.closed.map(({ otherUtilization }) => otherUtilization);
      expect(Math.max(...unrest.map(Number))).toBeLessThan(0.1);
      expect(ratiosOf(measured, closed)).toMatchObject({ valid: true });
      // What it does by itself is in its own slices, and so in its cost.
      expect(
        Math.min(...measured.closed.map((it) => Number(it.serverUtilization))),
      ).toBeGreaterThan(0.1);
    },
  );

  it('is not where head holds ten of forty, and says so', async () => {
    const kept = new Set<unknown>();
    const head = await contender((socket) => socket.write(okay), {
      accept: (socket) => {
        if (kept.size >= 10) socket.destroy();
        else kept.add(socket).add(socket.on('close', () => kept.delete(socket)));
      },
    });
    const base = await serving();
    const pair = await pairOf({ base, head }, holds);
    expect(pair).toMatchObject({
      valid: false,
      reason: expect.stringMatching(/^head did not hold \d+ of the connections/) as string,
    });
  });

  it('is not where head takes a part of the connections that are loaded', async () => {
    const head = await contender((socket) => socket.write(okay), {
      accept: (socket, connection) => {
        if (connection >= 2) socket.destroy();
      },
    });
    const base = await serving();
    const pair = await pairOf({ base, head }, closed);
    expect(pair).toMatchObject({
      valid: false,
      reason: expect.stringMatching(
        /^head: (\d+ of its connections were not open|\d+ of \d+ requests failed)$/,
      ) as string,
    });
  });

  it('is not where a server ends meanwhile', async () => {
    const served = await serve();
    const head = await contenderOf(urlSubject([served.url], served.process.pid!), signal);
    const base = await contender((socket, request) => {
      if (request === 200) served.stop();
      socket.write(okay);
    });
    const pair = await pairOf({ base, head }, closed);
    expect(pair).toMatchObject({
      valid: false,
      reason: expect.stringContaining('a server ended') as string,
    });
  });

  it('has nothing but its errors where head alone fails in two of a hundred requests', async () => {
    const failing = () =>
      contender((socket, request) => {
        if (request % 50 === 49) socket.destroy();
        else socket.write(okay);
      });
    const pair = await pairOf({ base: await serving(), head: await failing() }, closed);
    if (!pair.valid) throw new Error(pair.reason);
    expect(Object.keys(pair.ratios)).toEqual(['errors']);
    expect(pair.ratios.errors).toBeGreaterThan(0.97);
    expect(pair.ratios.errors).toBeLessThan(0.99);
    const other = await pairOf({ base: await failing(), head: await serving() }, closed);
    expect(other).toMatchObject({
      valid: false,
      reason: expect.stringMatching(/^base: \d+ of \d+ requests failed$/) as string,
    });
  });

  it('counts a status that says no among the errors', async () => {
    const refused = 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno';
    const head = await contender((socket) => socket.write(refused));
    const pair = await pairOf({ base: await serving(), head }, closed);
    expect(pair).toMatchObject({ valid: true, ratios: { errors: 0.001 } });
  });
});

const slices = { startUps: false, holds: false, closed: true, open: true };

it('has the ratios of streams of events, also of those that last longer than a slice', async () => {
  const [base, head] = [
    await contender(speaking([10, 80, 150])),
    await contender(speaking([30, 170, 310])),
  ];
  const loaded = await setting(8, { stream: 'sse' });
  const measured = await measurePair(
    { base, head },
    { ...loaded, load: { ...loaded.load, ratePerSecond: 20 } },
    slices,
    signal,
  );
  const pair = ratiosOf(measured, slices);
  if (!pair.valid) throw new Error(pair.reason);
  // Three events in 150 ms over four connections, and half as many.
  expect(pair.base!.eventsPerSecond).toBeGreaterThan(50);
  expect(pair.base!.eventsPerSecond).toBeLessThan(82);
  expect(pair.ratios.eventsPerSecond).toBeLessThan(0.75);
  expect(pair.ratios.requestsPerSecond).toBeLessThan(0.75);
  expect(pair.base!['firstEvent.p50']).toBeGreaterThan(9e3);
  expect(pair.ratios['firstEvent.p50']).toBeGreaterThan(1.2);
  expect(pair.base!['betweenEvents.p50']).toBeGreaterThan(60e3);
  expect(pair.ratios['betweenEvents.p50']).toBeGreaterThan(1.3);
  expect(Object.keys(pair.ratios)).toEqual(
    expect.arrayContaining(['firstEvent.p99', 'betweenEvents.p99']),
  );
}, 20_000);

/** A command's server, which keeps a CPU half busy, and so do a child and a daemon of it. */
function restless(): Promise<Contender> {
  const script = fileURLToPath(new URL('../fixtures/restless.js', import.meta.url));
  const command = `${process.execPath} ${script}`;
  return contenderOf({ kind: 'command', name: 'it', command, path: '/', where: 'x' }, signal);
}

const serving = (): Promise<Contender> => contender((socket) => socket.write(okay));

describe('the most connections that a gate holds', () => {
  it.each([
    ['1024', 460],
    ['unlimited', 8_000],
    ['1048576', 8_000],
    [null, 8_000],
  ])('with %s open files are %i', (limit, held) => {
    expect(mostHeld(50, { limits: { nofile_soft: limit } })).toBe(held);
  });
});
