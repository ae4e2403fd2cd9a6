import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compare, run, type RunOptions } from '../../dist/index.js';
import { defaultMemoryLimit } from '../../src/config/load-plan.js';
import { openScenario } from '../../src/config/scenario-catalog.js';
import { schedulingDefaults } from '../../src/config/scenario.js';
import { runSchedulingTurns } from '../../src/experiment/scheduling-turns.js';
import { describeTarget } from '../../src/experiment/target-trial.js';
import { formatCpuList, readAllowedCpus, splitCpus } from '../../src/measure/cpus.js';
import { pinSelf } from '../../src/measure/pinning.js';
import { obstacleTo } from '../../src/scheduling/obstacles.js';
import { buildTarget } from '../../src/targets/build.js';
import { readTarget } from '../../src/targets/catalog.js';
import { Toolchains } from '../../src/targets/toolchain.js';
import { hasEbpf } from '../fixtures/ebpf.js';
import { ownAffinity, ownChildren } from '../fixtures/own-threads.js';
import { serve, type Served } from '../fixtures/serve.js';
import { targetFolder } from '../fixtures/target-folder.js';
import { hasInstrument } from '../measure/measured-process.js';

const [first = 0, last = first] = [readAllowedCpus()[0], readAllowedCpus().at(-1)];
const canNarrow =
  process.platform === 'linux' && last !== first && hasInstrument('taskset', '--version');
const canWatch = obstacleTo('perf') === null || obstacleTo('ebpf') === null;
const why = canNarrow ? '' : ' (skipped: needs taskset and two CPUs)';

/** Those that were there before have what they had; those that came have what the process had. */
function expectUnchanged(before: Record<string, string>): void {
  const own = before[process.pid]!;
  for (const [thread, cpus] of Object.entries(ownAffinity())) {
    expect(`${thread}: ${cpus}`).toBe(`${thread}: ${before[thread] ?? own}`);
  }
}

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.stop());

describe.runIf(canNarrow)(`the CPUs of a process that calls run({loadCpus})${why}`, () => {
  // What one test finds narrowed must not be the next one's beginning.
  const all = formatCpuList(readAllowedCpus());
  afterEach(() => void execFileSync('taskset', ['-a', '-p', '-c', all, `${process.pid}`]));
  const narrow = { loadCpus: `${first}`, requests: '20', connections: '2' };
  const aborted = AbortSignal.abort();
  const fails = (): never => {
    throw new Error('the caller’s own fault');
  };

  /** The complaint, null where there is none; undefined where there may be one. */
  it.each<[string, () => Promise<unknown>, RegExp | null | undefined]>([
    ['it succeeds', () => run(served.url, narrow), null],
    ['a flag is wrong', () => run(served.url, { ...narrow, rate: 'fast' }), /^rate:/],
    ['the URL is wrong', () => run('http://h:x/', narrow), /URL/],
    [
      'the port is closed',
      () => run('http://127.0.0.1:9/', { ...narrow, duration: '900ms' }),
      null,
    ],
    [
      'there is no process to watch',
      () => run(served.url, { ...narrow, sched: 'proc' }),
      /^sched:/,
    ],
    [
      'the process to measure has ended',
      () => run(served.url, { ...narrow, pid: '4194303', sched: 'perf' }),
      /^pid:/,
    ],
    ['it is aborted before it begins', () => run(served.url, { ...narrow, signal: aborted }), /./],
    [
      'an observer throws',
      () => run(served.url, { ...narrow, observer: { phase: fails, progress: () => undefined } }),
      /own fault/,
    ],
    [
      'a target does not start',
      () => run(targetFolder('stillborn', 'process.exit(3);'), narrow),
      /exit code 3/,
    ],
    [
      'a target dies under load',
      () => run(targetFolder('mortal', 'setTimeout(() => process.exit(3), 500);'), mortal),
      undefined,
    ],
  ])('are what they were, where %s', async (_what, measure, complaint) => {
    const before = ownAffinity();
    const reason: unknown = await measure().then(
      () => null,
      (error: unknown) => error,
    );
    if (complaint === null) expect(reason).toBeNull();
    else if (complaint !== undefined) expect((reason as Error).message).toMatch(complaint);
    expectUnchanged(before);
  });
  const mortal: RunOptions = { loadCpus: `${first}`, duration: '3s', connections: '2' };

  it('are what they were, where all targets of a comparison fail', async () => {
    const before = ownAffinity();
    const folder = targetFolder('stillborn', 'process.exit(3);');
    const targets = { targets: ['stillborn'], targetFolders: [folder] };
    const { failures } = await compare({ ...targets, scenario: 'smoke', loadCpus: `${first}` });
    expect(failures).not.toEqual([]);
    expectUnchanged(before);
  });

  it('are bound while it measures', async () => {
    let during: string[] = [];
    const phase = (): void => void (during = Object.values(ownAffinity()));
    await run(served.url, { ...narrow, observer: { phase, progress: () => undefined } });
    expect(new Set(during)).toEqual(new Set([`${first}`]));
  });

  it('are those of each thread, where they differ', async () => {
    const thread = Object.keys(ownAffinity()).find((id) => Number(id) !== process.pid)!;
    const bind = (cpus: string): unknown => execFileSync('taskset', ['-p', '-c', cpus, thread]);
    const had = ownAffinity()[thread]!;
    bind(`${last}`);
    try {
      const before = ownAffinity();
      expect(before[thread]).toBe(`${last}`);
      await run(served.url, narrow);
      expectUnchanged(before);
    } finally {
      bind(had);
    }
  });

  it('are what they were once the last of several that overlap has ended', () => {
    const before = ownAffinity();
    const [one, other] = [pinSelf([first]), pinSelf([first])];
    one.restore();
    one.restore();
    expect(ownAffinity()[process.pid]).toBe(`${first}`);
    other.restore();
    expectUnchanged(before);
  });
});

describe('what a measurement starts', () => {
  const fails = (): never => {
    throw new Error('the caller’s own fault');
  };

  it('ends with it, where an observer throws', async () => {
    const before = ownChildren();
    const observer = { phase: () => undefined, progress: () => undefined, closing: fails };
    await expect(run(targetFolder('plain', ''), { requests: '20', observer })).rejects.toThrow(
      'own fault',
    );
    expect(ownChildren()).toEqual(before);
  });

  it('closes its connections, where an observer throws while it closes them', async () => {
    // Not node:http's, which closes idle connections by itself.
    const server = net.createServer((socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const observer = { phase: () => undefined, progress: () => undefined, closing: fails };
    const loaded = run(`127.0.0.1:${port}`, { requests: '20', connections: '5', observer });
    await expect(loaded).rejects.toThrow('own fault');
    server.close();
    await once(server, 'close', { signal: AbortSignal.timeout(3_000) });
  });

  it.runIf(canWatch)('ends with it, where the server dies before all of it has begun', async () => {
    const before = ownChildren();
    // perf is started in a moment, bpftrace takes two seconds: until then it has died by itself.
    const folder = targetFolder('mortal', hasEbpf ? 'setTimeout(() => process.exit(), 1000);' : '');
    const target = await readTarget(folder);
    const toolchain = await new Toolchains().find(target.manifest.runtime);
    if (!toolchain.found) throw new Error(toolchain.reason);
    const signal = new AbortController().signal;
    const built = await buildTarget(target, { toolchain, signal });
    const split = splitCpus(readAllowedCpus());
    const warnings: string[] = [];
    const watching = runSchedulingTurns(
      [{ built, described: describeTarget(built, split), phases: [] }],
      await openScenario('smoke'),
      schedulingDefaults,
      'auto',
      {
        connection: { ...connection, engine: 'net' },
        split,
        observer: { phase: () => undefined, progress: () => undefined },
        signal,
        // Said of perf, once it runs and before it is used.
        warn: ({ code }) => {
          warnings.push(code);
          if (code === 'scheduling-fallback') killNow(ownChildren(), 'server.mjs');
        },
      },
    );
    await expect(watching).rejects.toThrow(/no process with the id/);
    if (!hasEbpf) expect(warnings).toContain('scheduling-fallback');
    expect(ownChildren()).toEqual(before);
  });
});

const connection = {
  threads: 1,
  connectRatePerSecond: null,
  localAddresses: null,
  memoryLimit: defaultMemoryLimit,
};

/** Kills the one whose command line says so, and waits until it is dead. */
function killNow(children: readonly string[], words: string): void {
  const [pid] = children.find((line) => line.includes(words))!.split(' ');
  process.kill(Number(pid), 'SIGKILL');
  const deadline = Date.now() + 10_000;
  while (ownChildren().some((line) => line.startsWith(`${pid!} `)) && Date.now() < deadline);
}
