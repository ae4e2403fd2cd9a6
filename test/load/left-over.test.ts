import { readdirSync, readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { phaseOf } from '../fixtures/phase.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';

let served: Served | undefined;
afterEach(() => served?.stop());

/** What the descriptors of this process stand for (proc(5)); none of a directory being read. */
function descriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`).replace(/:\[\d+\]/, '')];
    } catch {
      return [];
    }
  });
}

const threads = (): number => readdirSync('/proc/self/task').length;

async function settled(count: () => number, most: number): Promise<number> {
  for (let attempt = 0; attempt < 100 && count() > most; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return count();
}

const modes: [what: string, mode: string, keepalive: boolean][] = [
  ['kept alive', 'plain', true],
  ['closed by the server after each response', 'close', true],
  ['opened anew for each request', 'plain', false],
];

describe.runIf(process.platform === 'linux').each(engines)('a run with the engine %s', (engine) => {
  it.each(modes)('leaves nothing of connections %s', async (_, mode, keepalive) => {
    served = await serve(mode);
    const options = { engine, keepalive, connections: '20', threads: '2' };
    // The first leaves what Node keeps: the threads of its pool, say.
    await phaseOf(served.url, { ...options, requests: '40' });
    const before = { descriptors: descriptors().length, threads: threads() };
    const { load } = await phaseOf(served.url, { ...options, requests: '5000' });
    expect(load.errors).toEqual({});
    expect(load.responses).toBe(5000);
    expect(await settled(threads, before.threads)).toBeLessThanOrEqual(before.threads);
    const many = (): number => descriptors().length;
    expect(await settled(many, before.descriptors)).toBeLessThanOrEqual(before.descriptors);
    expect(descriptors().filter((link) => link.includes('io_uring'))).toEqual([]);
  });
});
