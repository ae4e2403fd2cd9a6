import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import type { Pulse } from '../../dist/experiment/pulse.js';
import { serve, type Served } from '../fixtures/serve.js';
import { engines } from '../fixtures/uring.js';
import { readStatus } from '../../src/measure/procfs.js';

const onLinux = process.platform === 'linux';

let served: Served | undefined;
afterEach(() => served?.stop());

/** Loads the fixture server and hands out each pulse. */
async function pulsesOf(options: Parameters<typeof run>[1], onPulse: (pulse: Pulse) => void) {
  const observer = { phase: () => undefined, progress: () => undefined, pulse: onPulse };
  return (await run(served!.url, { ...options, observer })).result.targets[0]!.trials[0]!;
}

describe.each(engines)('the pulses of the engine %s', (engine) => {
  it('hold every response once, in the second in which it came', async () => {
    served = await serve();
    const pulses: Pulse[] = [];
    const options = { engine, duration: '3s', connections: '20', threads: '2' };
    const { load } = await pulsesOf(options, (pulse) => pulses.push(pulse));
    expect(pulses.reduce((sum, { responses }) => sum + responses, 0)).toBe(load.responses);
    expect(pulses.map(({ second }) => second)).toEqual(pulses.map((_, index) => index));
    expect(pulses.filter(({ whole }) => whole).map(({ second }) => second)).toEqual([0, 1, 2]);
    expect(load.responses).toBe((await served.count()).requests);
  });

  it('say how long an answer takes, and how late it was asked for', async () => {
    served = await serve('delay', '30');
    const pulses: Pulse[] = [];
    const options = { engine, duration: '2s', connections: '20', rate: '100' };
    await pulsesOf(options, (pulse) => pulses.push(pulse));
    for (const { p50Us, p99Us, generator } of pulses.filter(({ whole }) => whole)) {
      expect(p50Us).toBeGreaterThanOrEqual(29_000);
      expect(p99Us).toBeGreaterThanOrEqual(p50Us!);
      expect(generator.pacingLagP99Us).toBeGreaterThanOrEqual(0);
    }
    expect(pulses.length).toBeGreaterThan(1);
  });
});

describe('pulses', () => {
  it('are of no second where the clock stops within one', async () => {
    served = await serve();
    const pulses: Pulse[] = [];
    const { load } = await pulsesOf({ requests: '300' }, (pulse) => pulses.push(pulse));
    expect(pulses.filter(({ whole }) => !whole)).toHaveLength(1);
    expect(pulses.reduce((sum, { responses }) => sum + responses, 0)).toBe(load.responses);
  });

  it.runIf(onLinux)('show the memory and the CPU time of the server as /proc does', async () => {
    served = await serve();
    const { pid } = served.process;
    const seen: { readonly pulse: Pulse; readonly rssBytes: number }[] = [];
    const { server } = await pulsesOf({ duration: '4s', pid: String(pid) }, (pulse) => {
      if (pulse.whole) seen.push({ pulse, rssBytes: readStatus(pid!)?.rssBytes ?? 0 });
    });
    expect(seen).toHaveLength(4);
    for (const { pulse, rssBytes } of seen) {
      // It may have allocated since the sample, up to 0.2 s before.
      expect(Math.abs(pulse.server!.rssBytes / rssBytes - 1)).toBeLessThan(0.25);
      expect(pulse.server!.ofCpus).toBeGreaterThan(0);
    }
    const used = seen.reduce((sum, { pulse }) => sum + (pulse.server!.cpus ?? 0), 0);
    const all = server!.cpuUserSeconds! + server!.cpuSystemSeconds!;
    // Each is a mean over the samples of some second; those at its edges are 0.2 s apart.
    expect(Math.abs(used - all)).toBeLessThan(0.25 * all + 0.3);
  });
});
