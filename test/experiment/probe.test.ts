import { expect, it } from 'vitest';
import { run } from '../../dist/index.js';

async function trial(probe: boolean) {
  const flags = { connections: '20', duration: '2500ms', warmup: '200ms' };
  const { result } = await run('node-net-bare', { ...flags, probe });
  return result.targets[0]!.trials[0]!;
}

it('a trial that asks the probe has what the runtime said, for each recorded phase', async () => {
  const { phases, server } = await trial(true);
  const probe = server!.probe!;
  expect(phases.map((phase) => phase.server!.probe)).toEqual([probe]);
  expect(probe).toMatchObject({ runtime: 'node', taskKind: 'connections' });
  const { load } = phases[0]!;
  expect(load.connections.established).toBe(20);
  const tasks = probe.samples.map(({ tasks }) => tasks).filter((count) => count !== null);
  expect(Math.max(...tasks)).toBe(20);
  // At both ends and once a second between them, as far as they were answered.
  const due = 4;
  expect(probe.samples.length + probe.missed).toBeGreaterThanOrEqual(due);
  expect(probe.samples.length).toBeGreaterThanOrEqual(2);
  // One loop can be active for no longer than the clock; that of a loaded server is.
  const { loopActiveSeconds, loopIdleSeconds } = probe.counters;
  expect(loopActiveSeconds).toBeGreaterThan(0.1);
  expect(loopActiveSeconds! + loopIdleSeconds!).toBeLessThan(probe.spanSeconds + 1);
  expect(probe.histograms['eventLoopDelayUs']!.counts.reduce((a, b) => a + b)).toBeGreaterThan(10);
});

it('a trial that does not ask has none, and its target no port for it', async () => {
  expect((await trial(false)).server!.probe).toBeNull();
});
