import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { left, nothing, start } from '../edges/started.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { firstRequestOf } from '../fixtures/first-request.js';
import { serve, type Served } from '../fixtures/serve.js';
import { processesWith } from '../targets/fixtures.js';

let server: Served | undefined;
afterEach(() => server?.stop());

/** Whether the command line of a process says so. */
function isCalled(pid: number, words: readonly string[]): boolean {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    return words.every((word) => line.includes(word));
  } catch {
    return false;
  }
}

/** Starts a watched run, and ends it while it is watched. */
async function ended(how: string, words: string[], signal: NodeJS.Signals): Promise<void> {
  server = await serve();
  const { pid } = server.process;
  const flags = ['--sched', how, '--pid', String(pid), '-d', '30s', '-c', '4', '-q', server.url];
  const run = start(['run', ...flags]);
  const watchers = async (): Promise<number[]> =>
    (await processesWith(`TMPDIR=${run.temporary}`)).filter((id) => isCalled(id, words));
  await expect.poll(watchers, { timeout: 30_000 }).not.toEqual([]);
  await firstRequestOf(server);
  await sleep(200);
  run.process.kill(signal);
  await run.ended;
  await expect.poll(() => left(run), { timeout: 30_000 }).toEqual(nothing);
}

describe.runIf(hasEbpf)(`nothing is left of a watch${withoutEbpf}`, () => {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`by eBPF, after ${signal}`, async () => {
      await ended('ebpf', ['bpftrace', 'sk_data_ready'], signal);
    });
    it(`by perf, after ${signal}`, async () => {
      await ended('perf', ['perf', 'record', '/fd/'], signal);
    });
  }
});
