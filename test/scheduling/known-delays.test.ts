import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { readLate, type LateReader } from '../fixtures/late-reader.js';

const running: { stop(): void }[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.stop();
});

async function serve(manner: Parameters<typeof readLate>[0]): Promise<LateReader> {
  const server = await readLate(manner);
  running.push(server);
  return server;
}

async function watched(server: LateReader, connections: number, requests: number, rate: number) {
  const { result } = await run(server.url, {
    pid: String(server.pid),
    sched: 'ebpf',
    connections: String(connections),
    requests: String(requests),
    rate: String(rate),
  });
  const phase = result.targets[0]!.trials[0]!.phases[0]!;
  const { schedulingDelayUs, scheduling } = phase.server!;
  expect(scheduling?.source, JSON.stringify(result.warnings)).toBe('ebpf');
  expect(scheduling!.requests!.taken).toBe(requests);
  expect(scheduling!.requests!.unseen).toBe(0);
  return { delay: schedulingDelayUs!, scheduling: scheduling!, phase };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe.runIf(hasEbpf)(`a server that lets requests wait${withoutEbpf}`, () => {
  for (const [delaySeconds, connections] of [
    [0.002, 1],
    [0.002, 20],
    [0.01, 5],
  ] as const) {
    const title = `${delaySeconds * 1000} ms over ${connections} connections`;
    it(`shows ${title} as runtime, and not as kernel`, async () => {
      const server = await serve({ delaySeconds });
      const { delay } = await watched(server, connections, 200, 100);
      const truth = median((await server.measured()).map(({ waitedNs }) => waitedNs / 1000));
      expect(truth).toBeGreaterThanOrEqual(delaySeconds * 1e6);
      // Between the server's return from epoll and its clock lies Python, which a busy CPU stretches.
      expect(Math.abs(delay.runtime.p50 - truth)).toBeLessThan(truth / 20 + 100);
      expect(delay.kernel.p50).toBeLessThan(truth / 4);
      // Each request's parts are its whole.
      expect(delay.kernel.mean + delay.runtime.mean).toBeCloseTo(delay.total.mean, 1);
      expect(delay.perConnection.count).toBe(connections);
    });
  }

  it('shows a busy CPU as kernel, and not as runtime', async () => {
    // It gives way to every other process of its CPU, so that it waits whenever there is one.
    const under = ['taskset', '-c', '0', 'nice', '-n', '19'];
    const alone = await serve({ under });
    const before = await watched(alone, 1, 300, 150);
    alone.stop();
    const server = await serve({ under });
    const busy = ['-c', '0', process.execPath, '-e', 'for (;;);'];
    const hogs = [0, 1].map(() => spawn('taskset', busy, { stdio: 'ignore' }));
    running.push({ stop: () => hogs.forEach((hog) => hog.kill('SIGKILL')) });
    // Long, since its account of the phase begins and ends some waits beside the trace's.
    const during = await watched(server, 1, 900, 150);
    expect(during.delay.kernel.mean).toBeGreaterThan(3 * before.delay.kernel.mean);
    const more = during.delay.kernel.mean - before.delay.kernel.mean;
    expect(during.delay.runtime.mean - before.delay.runtime.mean).toBeLessThan(0.2 * more);
    // The kernel's own account of the same waits, in /proc/PID/schedstat.
    const { runQueueDelayMs } = during.phase.server!;
    expect(during.scheduling.runQueueDelayMs! / runQueueDelayMs!).toBeGreaterThan(0.9);
    expect(during.scheduling.runQueueDelayMs! / runQueueDelayMs!).toBeLessThan(1.1);
  });
});
