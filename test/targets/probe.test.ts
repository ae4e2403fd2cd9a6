import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';

import type { ProbeAnswer } from '../../src/measure/probe/answer.js';
import { askProbe } from '../../src/measure/probe/ask.js';
import { buildTarget } from '../../src/targets/build.js';
import { loadCatalog } from '../../src/targets/catalog.js';
import { checkContract } from '../../src/targets/contract.js';
import { launch, type RunningTarget } from '../../src/targets/launch.js';
import { Toolchains } from '../../src/targets/toolchain.js';
import { nodeTarget } from './fixtures.js';

const toolchains = new Toolchains();
const catalog = await loadCatalog();
const everyToolchainIsDue = process.env['C1M_REQUIRE_ALL'] === '1';

/** Starts a reference target, with a probe unless told otherwise. */
async function started(
  context: TestContext,
  name: string,
  options: Parameters<typeof launch>[1] = {},
): Promise<RunningTarget> {
  const target = catalog.find(({ manifest }) => manifest.name === name)!;
  const toolchain = await toolchains.find(target.manifest.runtime);
  if (!toolchain.found) {
    const missing = `${toolchain.reason}. ${toolchain.remedy}`;
    if (everyToolchainIsDue) expect.fail(missing);
    console.warn(`SKIPPED: the probe of ${name}: ${missing}`);
    context.skip(missing);
  }
  const built = await buildTarget(target, { toolchain });
  const running = await launch(built, { probe: true, ...options });
  context.onTestFinished(() => running.stop());
  return running;
}

const ask = ({ probeUrls }: RunningTarget): Promise<ProbeAnswer> => askProbe(probeUrls[0]!, 10_000);

/** Sends the same request on each of so many connections, which stay open. */
async function send(
  context: TestContext,
  running: RunningTarget,
  path: string,
  connections: number,
  pipelined = 1,
) {
  const { hostname, port } = new URL(running.urls[0]!);
  const request = `GET ${path} HTTP/1.1\r\nHost: c1m\r\n\r\n`.repeat(pipelined);
  const sockets = await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket));
          socket.on('error', reject);
          socket.resume();
        }),
    ),
  );
  context.onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  for (const socket of sockets) socket.write(request);
  return sockets;
}

/** Asks until the answer is as hoped, 10 s at the most, and returns it, or the last one. */
async function askUntil(
  running: RunningTarget,
  asHoped: (answer: ProbeAnswer) => boolean,
): Promise<ProbeAnswer> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const answer = await ask(running);
    if (asHoped(answer) || performance.now() > deadline) return answer;
    await sleep(5);
  }
}

/** How many values fell into buckets that begin at this bound or above it. */
function countAbove(
  { histograms }: Pick<ProbeAnswer, 'histograms'>,
  name: string,
  bound: number,
): number {
  const { bounds, counts } = histograms[name]!;
  return counts
    .filter((_, bucket) => bucket > 0 && bounds[bucket - 1]! >= bound)
    .reduce((sum, count) => sum + count, 0);
}

/** What each request in /sleep keeps alive: a stack may have a reader or a handler of its own. */
const tasksPerRequest = {
  'go-bare': 1,
  'go-nethttp': 2,
  'java-vt-bare': 1,
  'java-vt-httpserver': 1,
  'node-http': 1,
  'node-net-bare': 1,
  'python-aiohttp': 2,
  'python-uvloop-bare': 1,
  'python-uvloop-protocol': 1,
};

// They wait most of the time.
describe.concurrent.each(Object.entries(tasksPerRequest))('the probe of %s', (name, perRequest) => {
  it('counts the tasks that are parked in the server, and lets them go', async (context) => {
    const running = await started(context, name);
    const before = (await ask(running)).tasks!.count;
    const sockets = await send(context, running, '/sleep/2500', 40);
    const due = before + 40 * perRequest;
    const parked = await askUntil(running, ({ tasks }) => tasks?.count === due);
    expect(parked.tasks!.count).toBe(due);
    for (const socket of sockets) socket.destroy();
    const over = await askUntil(running, ({ tasks }) => tasks?.count === before);
    expect(over.tasks!.count).toBe(before);
  });

  it('wakes up nobody while nobody asks', async (context) => {
    if (process.platform !== 'linux') return context.skip();
    const probed = await started(context, name);
    const plain = await started(context, name, { probe: false });
    expect(plain.probeUrls).toEqual([]);
    await sleep(1_000);
    const before = [probed, plain].map(wakeUps);
    await sleep(3_000);
    const after = [probed, plain].map(wakeUps);
    const [withProbe, without] = after.map((count, index) => count - before[index]!);
    // A timer that looks twice a second would be six more. A JVM has some 20 of its own.
    expect(withProbe).toBeLessThanOrEqual(without! + (name.startsWith('java') ? 10 : 3));
  });
});

/** Voluntary context switches of all its threads. */
function wakeUps({ pids }: RunningTarget): number {
  const folder = `/proc/${pids[0]!}/task`;
  return readdirSync(folder)
    .map((task) => readFileSync(path.join(folder, task, 'status'), 'utf8'))
    .map((status) => Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)![1]))
    .reduce((sum, count) => sum + count, 0);
}

describe('the figures of a runtime', () => {
  it('Go: goroutines wait for each other on the one processor that it may use', async (context) => {
    const running = await started(context, 'go-bare', { env: { GOMAXPROCS: '1' } });
    const waitedLong = (answer: ProbeAnswer) => countAbove(answer, 'schedulingLatencyUs', 9_000);
    const before = await ask(running);
    expect(before.gauges['gomaxprocs']).toBe(1);
    const sockets = await send(context, running, '/cpu/10000000', 40);
    const after = await askUntil(running, (answer) => waitedLong(answer) > waitedLong(before));
    expect(waitedLong(after)).toBeGreaterThan(waitedLong(before));
    for (const socket of sockets) socket.destroy();
  });

  it('Java: no more virtual threads are mounted than there are carriers', async (context) => {
    const env = { JAVA_TOOL_OPTIONS: '-Djdk.virtualThreadScheduler.parallelism=3' };
    const running = await started(context, 'java-vt-bare', { env });
    const idle = await ask(running);
    expect(Object.keys(idle.counters)).toContain('pinnedEvents');
    if (Number.parseInt(idle.version) < 24) return context.skip('the scheduler’s bean is JDK 24’s');
    expect(idle.gauges).toMatchObject({ virtualThreadsMounted: 0, schedulerParallelism: 3 });
    await send(context, running, '/cpu/10000000', 8, 100);
    // The acceptor is a virtual thread too, so the last connections wait for a carrier.
    const busy = await askUntil(
      running,
      ({ gauges, tasks }) => gauges['virtualThreadsMounted'] === 3 && tasks?.count === 8,
    );
    expect(busy.gauges['virtualThreadsMounted']).toBe(3);
    expect(busy.tasks!.count).toBe(8);
  });

  it.for(['python-aiohttp', 'python-uvloop-bare', 'python-uvloop-protocol'])(
    '%s: the loop lags while it computes, and says so later',
    async (name, context) => {
      const running = await started(context, name);
      const lagged = (answer: ProbeAnswer) => countAbove(answer, 'loopLagUs', 100_000);
      expect(lagged(await ask(running))).toBe(0);
      await send(context, running, '/cpu/10000000', 1);
      const after = await askUntil(running, (answer) => lagged(answer) > 0);
      expect(lagged(after)).toBeGreaterThan(0);
    },
  );

  it.for(['node-http', 'node-net-bare'])(
    '%s: the loop’s delay is as long as it was blocked',
    async (name, context) => {
      const running = await started(context, name);
      await ask(running);
      const blocked = ({ histograms }: ProbeAnswer) =>
        // Where the loop did not get to answer, it is asked again.
        histograms['eventLoopDelayUs'] === undefined
          ? 0
          : countAbove({ histograms }, 'eventLoopDelayUs', 100_000);
      // Two ticks of its timer are needed for the first delay.
      const ticked = ({ histograms }: ProbeAnswer) =>
        histograms['eventLoopDelayUs']?.counts.some((count) => count > 0) ?? false;
      const before = await askUntil(running, ticked);
      expect(ticked(before)).toBe(true);
      // Pipelined requests come in one read, and are served in one turn of the loop.
      await send(context, running, '/cpu/10000000', 1, 100);
      const after = await askUntil(running, (answer) => blocked(answer) > blocked(before));
      expect(blocked(after)).toBeGreaterThan(blocked(before));
      const active = ({ counters }: ProbeAnswer) => counters['loopActiveSeconds']!;
      expect(active(after) - active(before)).toBeGreaterThan(0.1);
    },
  );
});

describe('PROBE_PORT', () => {
  const program = `
    import { createServer } from 'node:http';
    createServer((request, response) => response.end(String(process.env.PROBE_PORT)))
      .listen(Number(process.env.PORT), process.env.HOST);
  `;

  async function portGiven(
    context: TestContext,
    serves: string[],
    probe: boolean,
  ): Promise<string> {
    const running = await launch(await nodeTarget(program, { serves }), { probe });
    context.onTestFinished(() => running.stop());
    const given = await (await fetch(running.urls[0]!)).text();
    const [url] = running.probeUrls;
    expect(given).toBe(url === undefined ? 'undefined' : new URL(url).port);
    return given;
  }

  it('is given to a target that lists probe, where it is going to be asked', async (context) => {
    // Not c1m's own, whatever that may be.
    process.env['PROBE_PORT'] = '1';
    context.onTestFinished(() => {
      delete process.env['PROBE_PORT'];
    });
    expect(await portGiven(context, ['health', 'probe'], true)).toMatch(/^\d{4,5}$/);
    expect(await portGiven(context, ['health', 'probe'], false)).toBe('undefined');
    expect(await portGiven(context, ['health'], true)).toBe('undefined');
  });

  it('is another one for each replica', async (context) => {
    const built = await nodeTarget(program, { serves: ['health', 'probe'] });
    const running = await launch(built, { probe: true, replicas: 3 });
    context.onTestFinished(() => running.stop());
    expect(new Set([...running.probeUrls, ...running.urls]).size).toBe(6);
  });
});

describe('the contract of a user’s probe', () => {
  async function breaches(probe: string) {
    const program = `
      import { createServer } from 'node:http';
      const { HOST, PORT, PROBE_PORT } = process.env;
      let asked = 0;
      let open = 0;
      const server = createServer((request, response) => {
        const ms = Number(request.url.split('/sleep/')[1] ?? 0);
        setTimeout(() => response.end('slept'), ms);
      });
      server.keepAliveTimeout = 0;
      server.on('connection', (socket) => { open++; socket.on('close', () => open--); });
      createServer((request, response) => { asked++; response.end(JSON.stringify(${probe})); })
        .listen(Number(PROBE_PORT), HOST, () => server.listen(Number(PORT), HOST));
    `;
    const built = await nodeTarget(program, { serves: ['sleep', 'probe'] });
    const checks = await checkContract(built, { idleSeconds: 0.1 });
    return checks
      .filter(({ check, ok }) => check.includes('/probe') && !ok)
      .map(({ check, detail }) => `${check}: ${detail}`);
  }

  it('is kept by a small one', async () => {
    const probe = `{ runtime: 'custom', version: '1', tasks: { kind: 'connections', count: open },
      counters: { asked }, histograms: { waitUs: { bounds: [1, 2], counts: [asked, 0, 0] } } }`;
    expect(await breaches(probe)).toEqual([]);
    expect(await breaches(`{ runtime: 'custom', version: '1' }`)).toEqual([]);
  });

  it('is broken by tasks that are not those of the requests', async () => {
    const found = await breaches(
      `{ runtime: 'custom', version: '1', tasks: { kind: 'threads', count: 4 } }`,
    );
    expect(found).toEqual([expect.stringMatching(/tasks rose by 0 from 4$/)]);
  });

  it('is broken by counts that fall, and by members that are none', async () => {
    expect(
      await breaches(`{ runtime: 'custom', version: '1', counters: { left: 99 - asked } }`),
    ).toEqual([expect.stringMatching(/counters\.left fell from 97 to 96$/)]);
    const found = await breaches(`{ version: 1, histograms: { a: { bounds: [1], counts: [1] } } }`);
    expect(found[0]).toMatch(
      /runtime: .*; version: .*string.*; histograms\.a\.counts: 1 counts for 1 bounds; one more/,
    );
  });
});

describe('the copies of a probe', () => {
  it.each([
    ['probe.go', ['go-bare', 'go-nethttp']],
    ['probe.mjs', ['node-http', 'node-net-bare']],
    ['probe-worker.mjs', ['node-http', 'node-net-bare']],
    ['src/Probe.java', ['java-vt-bare', 'java-vt-httpserver']],
    ['src/ProbeFigures.java', ['java-vt-bare', 'java-vt-httpserver']],
    ['probe.py', ['python-aiohttp', 'python-uvloop-bare', 'python-uvloop-protocol']],
  ])('of %s are the same, as every target is a folder of its own', async (file, targets) => {
    const folder = path.join(import.meta.dirname, '../../targets');
    const texts = await Promise.all(
      targets.map((target) => readFile(path.join(folder, target, file), 'utf8')),
    );
    expect(new Set(texts).size).toBe(1);
  });
});
