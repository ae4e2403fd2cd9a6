import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { replicasFor } from '../../src/targets/replica-count.js';
import { serve, type Served } from '../fixtures/serve.js';

let served: Served | undefined;
afterEach(() => served?.stop());

function scenarioFile(phases: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'c1m-')), 'many.yaml');
  writeFileSync(file, `name: many\nrequests: [{path: /}]\nphases: [${phases}]\n`);
  return file;
}

it.each(['1', '2'])('a sweep serves each connection once, over %s threads', async (threads) => {
  served = await serve();
  const scenario = scenarioFile(
    '{name: hold, connections: 301, rate: 0, duration: 200ms}, ' +
      '{name: sweep, connections: 301, rate: 1k/s, requests: each}',
  );
  const { result } = await run(served.url, { scenario, threads });
  const sweep = result.targets[0]!.trials[0]!.phases[1]!;
  expect(sweep.load).toMatchObject({ requestsPlanned: 301, requestsSent: 301, responses: 301 });
  expect((await served.count()).requests).toBe(301);
});

it('stops opening where memory ends, says so, and goes on with what is open', async () => {
  served = await serve();
  const scenario = scenarioFile(
    ['2000', '18000', '19000']
      .map((n) => `{name: hold ${n}, connections: ${n}, rate: 0, duration: 200ms}`)
      .concat('{name: sweep, connections: 19000, rate: 5k/s, requests: each}')
      .join(', '),
  );
  const options = { scenario, threads: '1', memoryLimit: '100MB' };
  const { result } = await run(served.url, options);
  const trial = result.targets[0]!.trials[0]!;
  const names = trial.phases.map(({ name }) => name);
  // The hold that the limit ended is kept, and larger ones are not tried.
  expect(names).not.toContain('hold 19000');
  const sweep = trial.phases.at(-1)!;
  const { established } = sweep.load.connections;
  expect(established).toBeLessThan(19_000);
  expect(sweep.load.requestsSent).toBe(established);
  expect(trial.warnings.map(({ code }) => code)).toContain('memory-limit');
  expect(trial.warnings.find(({ code }) => code === 'memory-limit')?.message).toContain(
    'the limit of 0.1 GiB',
  );
});

it('a target runs as several processes where one may not hold so many descriptors', () => {
  expect(replicasFor(100)).toBe(1);
  expect(replicasFor(1_000_000)).toBeGreaterThanOrEqual(1);
  const few = replicasFor(200_000);
  const more = replicasFor(400_000);
  expect(more).toBeGreaterThanOrEqual(few);
});
