import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../dist/index.js';
import { flagsOf, optionNames, type RunOptions } from '../../src/library/run-options.js';
import { root } from '../fixtures/c1m.js';
import { serve, type Served } from '../fixtures/serve.js';

let served: Served;
beforeAll(async () => (served = await serve()));
afterAll(() => served.stop());

it('numbers, durations and ramps are what the flags say', async () => {
  const { result } = await run(served.url, {
    connections: 3,
    rate: { from: 20, to: 60 },
    duration: { milliseconds: 500 },
    timeout: { seconds: 2.5 },
    seed: 7,
  });
  const { load } = result.targets[0]!.trials[0]!;
  expect(load.connections.requested).toBe(3);
  expect(load.requestsPlanned).toBe(20);
  expect(load.durationSeconds).toBeCloseTo(0.5, 2);
});

it.each([
  [{ rate: 0.000001 }, { rate: '0.000001' }],
  [{ requests: 1e21 }, { requests: '1000000000000000000000' }],
  [
    { rate: '10k', duration: '5s' },
    { rate: '10k', duration: '5s' },
  ],
  [
    { keepalive: false, header: ['A: b'] },
    { keepalive: false, header: ['A: b'] },
  ],
] satisfies [RunOptions, unknown][])('%j becomes %j', (options, flags) => {
  expect(flagsOf(options)).toEqual(flags);
});

it.each([
  [{ conections: 5 }, 'There is no option "conections"', 'Did you mean connections?'],
  [{ duration: 5 }, 'duration is no duration', 'Write it as in duration: { seconds: 5 }'],
  [{ rate: { seconds: 1 } }, 'rate is no number or ramp', '{ from: 100, to: 5000 }'],
  [{ requests: true }, 'requests is no number', 'requests: 500'],
])('%j is refused, with what to write instead', async (options, message, remedy) => {
  const refused = run(served.url, options as RunOptions);
  await expect(refused).rejects.toMatchObject({
    problems: [{ message, remedy: expect.stringContaining(remedy) as string }],
  });
});

it('every mistake is named at once', () => {
  const options = { conections: 5, duration: 5, rat: 1 } as unknown as RunOptions;
  expect(() => flagsOf(options)).toThrow(/"conections"[^]*duration is no duration[^]*"rat"/);
});

it('the page has every option', () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  for (const name of optionNames) expect(page).toContain(`\`${name}\``);
});
