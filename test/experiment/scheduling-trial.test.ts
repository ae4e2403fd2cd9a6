import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compare, resultSchema, type RunResult } from '../../dist/index.js';
import { c1m } from '../fixtures/c1m.js';
import { hasEbpf, withoutEbpf } from '../fixtures/ebpf.js';
import { targetFolder } from '../fixtures/target-folder.js';

const scenario = `
name: watched
requests: [{ path: /plaintext }]
phases:
  - { name: throughput, duration: 300ms, connections: 8 }
  - { name: latency, duration: 300ms, connections: 8, rate: 500 }
trials: 1
scheduling: { rate: 300, rateConnections: 2, loads: [20%], connections: 8, duration: 300ms }
`;

function compared(sched: string, folder: string) {
  const file = join(folder, 'watched.yaml');
  writeFileSync(file, scenario);
  const flags = ['--scenario', file, '--sched', sched, '-o', folder];
  return c1m(['compare', ...flags, '--json', 'node-net-bare']);
}

it.runIf(hasEbpf)(
  `a comparison watches each target in a trial of its own, at the loads that it is told${withoutEbpf}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'c1m-'));
    const { code, stdout, stderr } = await compared('ebpf', folder);
    expect(code, stderr).toBe(0);
    const result: RunResult = resultSchema.parse(JSON.parse(stdout));
    const [plain, watched, ...others] = result.targets[0]!.trials;
    expect(others).toEqual([]);
    expect(plain).toMatchObject({ traced: false });
    expect(plain!.phases.map(({ traced }) => traced)).toEqual([false, false]);
    expect(watched).toMatchObject({ traced: true, index: 1 });
    const named = watched!.phases.map(({ name, traced }) => [name, traced]);
    expect(named).toEqual([
      ['ceiling', false],
      ['ceiling, watched', true],
      ['20 %', true],
      ['20 %, probed', false],
      ...Array.from({ length: 17 }, (_, turn) => [`300/s, turn ${turn + 1}`, true]),
    ]);
    const [ceiling, most, share, asked, low] = watched!.phases;
    expect(ceiling!.server!.schedulingDelayUs).toBeNull();
    for (const phase of [most!, low!, share!]) {
      const { total, kernel, runtime } = phase.server!.schedulingDelayUs!;
      expect(total.count).toBe(phase.server!.scheduling!.requests!.taken);
      expect(kernel.mean + runtime.mean).toBeCloseTo(total.mean, 1);
    }
    expect(low!.load.offeredPerSecond).toBeCloseTo(300, 0);
    expect(low!.server!.schedulingDelayUs!.total.count).toBe(low!.load.responses);
    expect(share!.server!.probe).toBeNull();
    expect(asked!.server).toMatchObject({ scheduling: null, probe: { runtime: 'node' } });
    // Delays lie within what the client saw.
    const seen = low!.serviceTimeUs!.mean;
    expect(low!.server!.schedulingDelayUs!.total.mean).toBeLessThan(seen);
    expect(share!.load.offeredPerSecond! / (0.2 * most!.load.requestsPerSecond)).toBeCloseTo(1, 1);

    const { stdout: report } = await c1m(['report', folder]);
    const line = report.split('\n').find((text) => text.includes('node-net-bare'))!;
    const ordinary = Math.round(plain!.load.requestsPerSecond).toLocaleString('en-US');
    expect(line).toContain(ordinary);
    expect(report).toContain('from readable to taken');
    expect(report).toContain('watching cost');
  },
  180_000,
);

it('asks each target for what it answers, where the scenario does not say what', async () => {
  const folder = targetFolder('picky', '');
  writeFileSync(
    join(folder, 'server.mjs'),
    `import http from 'node:http';
     http.createServer((request, response) => {
       response.statusCode = request.url === '/health' ? 200 : 404;
       response.end();
     }).listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  const file = join(folder, 'anything.yaml');
  writeFileSync(file, scenario.replace('path: /plaintext', ''));
  const result = await compare({
    targets: ['picky', 'node-net-bare'],
    targetFolders: [folder],
    scenario: file,
    sched: 'proc',
  });
  expect(result.failures).toEqual([]);
  const phases = result.targets.flatMap(({ trials }) => trials.flatMap((trial) => trial.phases));
  expect(phases.filter(({ name }) => name.includes('turn')).length).toBe(34);
  for (const { load } of phases) expect(load.statusCodes).toEqual({ '200': load.responses });
}, 180_000);

it('a comparison that is told not to watch has ordinary trials alone', async () => {
  const { code, stdout } = await compared('off', mkdtempSync(join(tmpdir(), 'c1m-')));
  expect(code).toBe(0);
  const { targets } = resultSchema.parse(JSON.parse(stdout));
  expect(targets[0]!.trials.map(({ traced }) => traced)).toEqual([false]);
}, 120_000);
