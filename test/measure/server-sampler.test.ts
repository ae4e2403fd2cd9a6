import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NoSuchProcessError } from '../../src/measure/process-tree.js';
import { ServerSampler } from '../../src/measure/server-sampler.js';
import { hasInstrument, hasTime, MeasuredProcess } from './measured-process.js';

const onLinux = process.platform === 'linux';
const hasTaskset = onLinux && hasInstrument('taskset', '--version');
const hasPerf = onLinux && hasInstrument('perf', '--version');
const megabyte = 2 ** 20;

function expectWithin(actual: number | null, truth: number, share: number, slack = 0): void {
  expect(Math.abs((actual ?? NaN) - truth), `${actual ?? 'null'} for ${truth}`).toBeLessThanOrEqual(
    truth * share + slack,
  );
}

describe.runIf(hasTime)('against GNU time, which asks wait4(2)', () => {
  it('a process that burns a second of CPU shows that second', async () => {
    const child = await MeasuredProcess.start(['burn', '1']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const { before, after } = await child.step();
    const window = sampler.finish();
    const time = await child.end();
    expectWithin(window.cpuUserSeconds, after.user - before.user, 0, 0.03);
    expectWithin(before.user + window.cpuUserSeconds!, time.user, 0, 0.03);
    expectWithin(before.system + window.cpuSystemSeconds!, time.system, 0, 0.03);
  });

  it('a process that fills 100 MB shows them, and the same maximum', async () => {
    const child = await MeasuredProcess.start(['allocate', '100']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const idle = sampler.readPss()!.rssBytes;
    await child.step();
    const window = sampler.finish();
    const time = await child.end();
    expectWithin(window.rssPeakBytes, time.maximumRssBytes, 0.02);
    expectWithin(window.rssNowBytes! - idle, 100 * megabyte, 0.02);
  });

  it('a process that sleeps 500 times shows 500 voluntary switches', async () => {
    const child = await MeasuredProcess.start(['sleep', '500']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const { before } = await child.step();
    const { contextSwitches } = sampler.finish();
    const time = await child.end();
    expect(contextSwitches!.voluntary).toBeGreaterThanOrEqual(500);
    // Node's threads are woken to end, some 10 to 20 times, after the window.
    expectWithin(before.voluntary + contextSwitches!.voluntary, time.voluntary, 0.02, 20);
    // Time's own figure goes on to the end of the process, whose last steps are preempted at random
    // on a busy machine: the window can hold no more than that, and may hold some less.
    const involuntary = before.involuntary + contextSwitches!.involuntary;
    expect(involuntary).toBeLessThanOrEqual(time.involuntary);
  });

  it('children that come and go count once each, seen or not', async () => {
    const child = await MeasuredProcess.start(['children', '4', '0.3']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const { before } = await child.step();
    const window = sampler.finish();
    const time = await child.end();
    expect(window.processes).toBe(2);
    expect(window.cpuUserSeconds).toBeGreaterThan(1.2);
    expectWithin(before.user + window.cpuUserSeconds!, time.user, 0, 0.05);
    expectWithin(before.system + window.cpuSystemSeconds!, time.system, 0, 0.05);
  });
});

describe.runIf(onLinux)('against getrusage(2) and what the process is known to do', () => {
  it('a thread that ends within the window keeps what was seen of it', async () => {
    const child = await MeasuredProcess.start(['thread']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const { before, after } = await child.step();
    const { contextSwitches } = sampler.finish();
    await child.end();
    const truth = after.voluntary - before.voluntary;
    expect(truth).toBeGreaterThan(400);
    expectWithin(contextSwitches!.voluntary, truth, 0.02, 10);
  });

  it('what was done before the window does not count in it', async () => {
    const child = await MeasuredProcess.start(['burn', '0.5']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    await child.step();
    sampler.finish();
    await child.step();
    sampler.start();
    await delay(300);
    const window = sampler.finish();
    await child.end();
    expect(window.cpuUserSeconds! + window.cpuSystemSeconds!).toBeLessThan(0.05);
    expect(window.contextSwitches!.voluntary).toBeLessThan(100);
  });

  it('a peak between two samples counts, and an earlier, higher one does not', async () => {
    const child = await MeasuredProcess.start(['spike', '300', '150']);
    await child.step();
    const sampler = new ServerSampler([child.pid], { intervalMs: 60_000, resetPeaks: true });
    sampler.start();
    const idle = sampler.readPss()!.rssBytes;
    await child.step();
    const window = sampler.finish();
    await child.end();
    expectWithin(window.rssPeakBytes! - idle, 150 * megabyte, 0.03);
    expect(window.rssNowBytes! - idle).toBeLessThan(50 * megabyte);
  });

  it('descriptors are counted one by one', async () => {
    const child = await MeasuredProcess.start(['open', '1000']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const before = sampler.finish().descriptorsPeak!;
    sampler.start();
    await child.step();
    const window = sampler.finish();
    expect(window.descriptorsPeak! - before).toBe(1000);
    expect(window.descriptorsPeak).toBe(readdirSync(`/proc/${child.pid}/fd`).length);
    await child.end();
  });

  it('a descendant is measured too', async () => {
    const child = await MeasuredProcess.start(['family']);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    const { result: grandchild } = await child.step();
    const window = sampler.finish();
    expect(window.processes).toBe(2);
    const rss = [child.pid, grandchild!].map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
    });
    expectWithin(window.rssNowBytes, rss[0]! + rss[1]!, 0.02);
    await child.end();
  });

  it('PSS and RSS are the sums over all mappings', async () => {
    const child = await MeasuredProcess.start(['idle']);
    const mappings = (): string => readFileSync(`/proc/${child.pid}/smaps`, 'utf8');
    const before = mappings();
    const memory = new ServerSampler([child.pid]).readPss()!;
    // An idle Node process, too, gets pages and gives some back.
    const around = [before, mappings()];
    await child.end();
    const sums = (label: string): number[] =>
      around.map((maps) =>
        [...maps.matchAll(new RegExp(`^${label}:\\s+(\\d+) kB`, 'gm'))].reduce(
          (total, match) => total + Number(match[1]) * 1024,
          0,
        ),
      );
    const expectAround = (bytes: number, [one, other]: number[], share: number): void => {
      expect(bytes).toBeGreaterThan(Math.min(one!, other!) * (1 - share));
      expect(bytes).toBeLessThan(Math.max(one!, other!) * (1 + share));
    };
    expectAround(memory.rssBytes, sums('Rss'), 0.01);
    // Each mapping's is rounded down to a kB, and others that share its pages come and go.
    expectAround(memory.pssBytes, sums('Pss'), 0.03);
  });

  it('a process that ends within the window keeps what was seen of it, and is named', async () => {
    const child = await MeasuredProcess.start(['burn', '0.5']);
    const sampler = new ServerSampler([child.pid], { intervalMs: 50 });
    sampler.start();
    await child.step();
    await delay(200);
    await child.end();
    const window = sampler.finish();
    expect(window.endedRoots).toEqual([child.pid]);
    expectWithin(window.cpuUserSeconds, 0.5, 0, 0.1);
    expect(() => sampler.start()).toThrow(NoSuchProcessError);
  });
});

describe.runIf(onLinux)('a process that has ended', () => {
  it('is named also where its parent does not wait for it', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      const sampler = new ServerSampler([pid]);
      sampler.start();
      process.kill(pid, 'SIGKILL');
      while (!/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await delay(10);
      expect(sampler.finish().endedRoots).toEqual([pid]);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

describe.runIf(hasTaskset)('run-queue delay', () => {
  it('is the time in which another hog has the CPU', async () => {
    const cpu = /Cpus_allowed_list:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
    const pinned = ['taskset', '-c', cpu];
    const rival = await MeasuredProcess.start(['burn', '600'], pinned);
    const child = await MeasuredProcess.start(['burn', '1.5'], pinned);
    const rivalry = rival.step().catch(() => undefined);
    const sampler = new ServerSampler([child.pid]);
    const delayBefore = totalDelay(child.pid);
    sampler.start();
    await child.step();
    const window = sampler.finish();
    const delayAfter = totalDelay(child.pid);
    process.kill(rival.pid, 'SIGKILL');
    await rivalry;
    await child.end();
    const seconds = window.runQueueDelayNs! / 1e9;
    // A hog either has the CPU or waits for it, however many others want it.
    const cpuSeconds = window.cpuUserSeconds! + window.cpuSystemSeconds!;
    expectWithin(seconds + cpuSeconds, window.seconds, 0.05);
    expect(seconds / window.seconds).toBeGreaterThan(0.5 - 0.15);
    expectWithin(window.runQueueDelayNs, delayAfter - delayBefore, 0.02);
  });

  function totalDelay(pid: number): number {
    return readdirSync(`/proc/${pid}/task`)
      .map((tid) => readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[1])
      .reduce((sum, delayNs) => sum + Number(delayNs), 0);
  }
});

describe.runIf(hasPerf)('against perf', () => {
  it('counts the same context switches', async () => {
    const child = await MeasuredProcess.start(['sleep', '2000']);
    const perf = spawn('perf', ['stat', '-x,', '-e', 'context-switches', '-p', `${child.pid}`]);
    let report = '';
    perf.stderr.on('data', (chunk: Buffer) => (report += chunk.toString()));
    await delay(1000);
    const sampler = new ServerSampler([child.pid]);
    sampler.start();
    await child.step();
    const { contextSwitches } = sampler.finish();
    perf.kill('SIGINT');
    await once(perf, 'close');
    await child.end();
    const truth = Number(/^(\d+),,context-switches/m.exec(report)?.[1]);
    expect(truth).toBeGreaterThanOrEqual(2000);
    expectWithin(contextSwitches!.voluntary + contextSwitches!.involuntary, truth, 0.02);
  });
});

describe('what cannot be measured', () => {
  it.each([0, -1, 1.5, 2 ** 22 + 1])('a process %d that does not exist is refused', (pid) => {
    expect(() => new ServerSampler([pid])).toThrow(NoSuchProcessError);
  });

  it.runIf(onLinux && process.getuid?.() === 0)(
    'of another user’s process, only PSS is withheld, with the reason',
    async () => {
      const child = await MeasuredProcess.start(['idle']);
      process.seteuid!(65_534);
      try {
        const sampler = new ServerSampler([child.pid], { resetPeaks: true });
        sampler.start();
        const window = sampler.finish();
        expect(sampler.readPss()).toBeNull();
        expect(window.rssPeakBytes).toBeGreaterThan(megabyte);
        expect(window.contextSwitches).not.toBeNull();
        const figures = window.unavailable.map(({ figure }) => figure);
        expect(figures).toEqual(expect.arrayContaining(['pssIdleBytes', 'pssPeakBytes']));
        expect(window.unavailable[0]!.reason).toContain('belongs to another user');
      } finally {
        process.seteuid!(0);
      }
      await child.end();
    },
  );
});
