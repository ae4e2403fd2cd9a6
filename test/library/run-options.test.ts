import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, run } from '../../dist/index.js';
import type { Problem } from '../../src/basis/problem.js';
import { nothingAsked } from '../../src/config/asked-load.js';
import { compareOptionKinds, type CompareOptions } from '../../src/library/compare.js';
import { readLoadOptions } from '../../src/library/load-options.js';
import { runOptionKinds, type RunOptions } from '../../src/library/run-options.js';
import { root } from '../fixtures/c1m.js';
import { serve, type Served } from '../fixtures/serve.js';

let served: Served;
beforeAll(async () => (served = await serve()));
afterAll(() => served.stop());

describe('options', () => {
  it('are numbers, durations and ramps of the load', async () => {
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

  const steady = (value: number) => ({ from: value, to: value });
  it.each<[RunOptions, object]>([
    [{ rate: 1e-7 }, { rate: steady(1e-7) }],
    [{ rate: { from: 0.5, to: 1e4 } }, { rate: { from: 0.5, to: 1e4 } }],
    [
      { rate: '10k', duration: '5s' },
      { rate: steady(1e4), durationMicros: 5e6 },
    ],
    [
      { connections: 1e6, requests: 1e12 },
      { connections: steady(1e6), requests: 1e12 },
    ],
    [
      { duration: { milliseconds: 250 }, warmup: { seconds: 1.5 } },
      { durationMicros: 250e3, warmupMicros: 1.5e6 },
    ],
    [
      { keepalive: false, header: ['A: b'] },
      { keepAlive: false, headers: [['A', 'b']] },
    ],
    [
      { seed: 0, connectRate: 500 },
      { seed: 0, connectRatePerSecond: 500 },
    ],
  ])('%j are base units below', async (options, asked) => {
    const problems: Problem[] = [];
    const { signal } = new AbortController();
    const read = await readLoadOptions(options, null, problems, signal);
    expect(read).toEqual({ ...nothingAsked, ...asked });
    expect(problems).toEqual([]);
  });
});

async function problemsOf(measured: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await measured.then(
    () => null,
    (reason: unknown) => reason,
  );
  return (error as { problems: readonly Problem[] }).problems;
}

describe('what is refused', () => {
  it.each([
    [{ conections: 5 }, 'There is no option "conections"', 'Did you mean connections?'],
    [{ duration: 5 }, 'duration is no duration', 'Write it as in duration: { seconds: 5 }'],
    [{ rate: { seconds: 1 } }, 'rate is no number or ramp', '{ from: 100, to: 5000 }'],
    [{ requests: true }, 'requests is no number', 'requests: 500'],
    [{ header: 'A: b' }, 'header is no list of texts', "header: ['…']"],
    [{ http2: 'yes' }, 'http2 is no boolean', 'http2: true'],
  ])('%j is, with what to write instead', async (options, message, remedy) => {
    const problems = await problemsOf(run(served.url, options as unknown as RunOptions));
    expect(problems).toMatchObject([
      { where: 'run', message, remedy: expect.stringContaining(remedy) as string },
    ]);
  });

  it.each<[RunOptions, Partial<Problem>]>([
    [{ duration: { seconds: 0 } }, { where: 'duration' }],
    [{ connectTimeout: '1x' }, { where: 'connectTimeout', message: '"1x" is not a duration' }],
    [{ connections: 0.5 }, { where: 'connections' }],
    [{ rate: -1 }, { where: 'rate', message: '-1 is not a rate' }],
    [{ requests: NaN }, { where: 'requests' }],
    [{ loadCpus: 'all' }, { where: 'loadCpus' }],
    [{ pid: 0 }, { where: 'pid', message: 'There is no process "0"' }],
    [{ sched: 'auto' }, { where: 'sched', remedy: 'Name it with pid; find it with: ss -ltnp' }],
    [{ sched: 'best' as 'auto' }, { where: 'sched' }],
    [{ failIf: ['p99<fast'] }, { where: 'failIf' }],
    [
      { rate: 0, warmup: { seconds: 1 }, duration: { seconds: 1 } },
      { where: 'warmup', remedy: 'Leave warmup out.' },
    ],
    [
      { header: ['Connection: close'] },
      { where: 'header', remedy: expect.stringContaining('keepalive: false') as string },
    ],
  ])('%j is named as an option, and no flag', async (options, problem) => {
    expect(await problemsOf(run(served.url, options))).toMatchObject([problem]);
  });

  it('is told all at once', async () => {
    const names = { conections: 5, duration: 5, rat: 1 } as unknown as RunOptions;
    expect(await problemsOf(run(served.url, names))).toHaveLength(3);
    const values = { duration: '1x', rate: 'fast', loadCpus: 'all', pid: 'x' };
    const wheres = (await problemsOf(run('ftp://x', values))).map(({ where }) => where);
    expect(wheres.sort()).toEqual(['URL', 'duration', 'loadCpus', 'pid', 'rate']);
  });

  it.each([
    [{ trails: 2 }, { where: 'compare', message: 'There is no option "trails"' }],
    [{ trials: 0 }, { where: 'trials' }],
    [{ targetCpus: 'x' }, { where: 'targetCpus' }],
    [{ scenario: 'compar' }, { where: 'scenario', remedy: 'Did you mean compare?' }],
  ])('%j of a comparison is, too', async (options, problem) => {
    expect(await problemsOf(compare(options as CompareOptions))).toMatchObject([problem]);
  });
});

it('the page has every option', () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const names = [...Object.keys(runOptionKinds), ...Object.keys(compareOptionKinds)];
  for (const name of names) expect(page).toContain(`\`${name}\``);
});
