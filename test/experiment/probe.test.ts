import { expect, it } from 'vitest';
import { readRunRequest } from '../../dist/config/run-request.js';
import { cpuSides } from '../../dist/experiment/cpu-sides.js';
import { describeTarget, runTargetTrial } from '../../dist/experiment/target-trial.js';
import { run } from '../../dist/index.js';
import { readAllowedCpus } from '../../dist/measure/cpus.js';
import { trialSchema } from '../../dist/results/schema.js';
import { buildTarget } from '../../dist/targets/build.js';
import { loadCatalog } from '../../dist/targets/catalog.js';
import { Toolchains } from '../../dist/targets/toolchain.js';

async function trial(name: string, probe: boolean) {
  const target = (await loadCatalog()).find(({ manifest }) => manifest.name === name)!;
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new Error(toolchain.reason);
  const built = await buildTarget(target, { toolchain });
  const flags = { connections: '20', duration: '2500ms', warmup: '200ms', engine: 'net' };
  const { scenario, settings } = await readRunRequest(flags, []);
  const split = cpuSides({}, readAllowedCpus());
  const { result } = await runTargetTrial(
    built,
    describeTarget(built, split),
    0,
    scenario,
    { ...settings, engine: 'net', probe },
    split,
    { phase: () => undefined, progress: () => undefined },
    new AbortController().signal,
  );
  return trialSchema.parse(result);
}

it('a trial that asks the probe has what the runtime said, for each recorded phase', async () => {
  const { phases, server } = await trial('node-net-bare', true);
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
  expect((await trial('node-net-bare', false)).server!.probe).toBeNull();
  const { result } = await run('node-net-bare', { duration: '500ms', connections: '2' });
  expect(result.targets[0]!.trials[0]!.server!.probe).toBeNull();
});
