import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from '../fixtures/c1m.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { serve, type Served } from '../fixtures/serve.js';

let server: Served | undefined;
afterEach(() => server?.stop());

/** Processes whose command line says so. */
function running(...words: string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return words.every((word) => line.includes(word));
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come to that within 30 s');
    await sleep(20);
  }
}

/** Starts a watched run, and ends it while it is watched. */
async function ended(how: string, words: string[], signal: NodeJS.Signals): Promise<void> {
  server = await serve();
  const { pid } = server.process;
  const flags = ['--sched', how, '--pid', String(pid), '-d', '30s', '-c', '4', '-q', server.url];
  const c1m = spawn(process.execPath, [join(root, 'bin/c1m.js'), 'run', ...flags], {
    stdio: 'ignore',
  });
  const exited = once(c1m, 'exit');
  const found = (): number[] => running(...words);
  await until(() => found().length > 0);
  // Long enough for the load to begin, as the server sees.
  const { requests } = await server.count();
  for (let now = requests; now < requests + 100; now = (await server.count()).requests) {
    await sleep(50);
  }
  c1m.kill(signal);
  await exited;
  await until(() => found().length === 0);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('c1m-perf-'))).toEqual([]);
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
