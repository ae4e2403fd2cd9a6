import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figures } from '../../src/figures/table.js';
import type { PhaseResult } from '../../src/results/figures.js';
import { resultSchema } from '../../src/results/schema.js';
import { judgeThresholds } from '../../src/thresholds/judge.js';
import { parseThreshold } from '../../src/thresholds/threshold.js';
import { root } from '../fixtures/c1m.js';

// The committed result: nine targets, three trials each.
const folder = join(root, 'results', 'reference-2026-11-24');
const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
const reference = resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
const goBare = reference.targets.find(({ name }) => name === 'go-bare')!;

function judged(text: string, result = reference) {
  const threshold = parseThreshold(text, '--fail-if');
  if (!threshold.ok) throw new Error(threshold.message);
  return judgeThresholds([threshold.value], result);
}

const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[1]!;

describe('a condition on a comparison', () => {
  it('is asked of every target', () => {
    const names = judged('p99<=20ms').map(({ target }) => target);
    expect(names).toEqual(reference.targets.map(({ name }) => name));
  });

  it.each([
    ['p99<1s', (t: (typeof goBare.trials)[0]) => t.latencyUs!.p99],
    ['requestsPerSecond>1', (t: (typeof goBare.trials)[0]) => t.load.requestsPerSecond],
    ['rssPeak<1GB', (t: (typeof goBare.trials)[0]) => t.server!.rssPeakBytes!],
    ['startup<1s', (t: (typeof goBare.trials)[0]) => t.server!.startupMs! * 1000],
    [
      'bytesPerConnection<9kB',
      (t: (typeof goBare.trials)[0]) => t.server!.bytesPerConnection!.slope,
    ],
    [
      'throughput.p99<1s',
      (t: (typeof goBare.trials)[0]) =>
        t.phases.find(({ name }) => name === 'throughput')!.latencyUs!.p99,
    ],
  ])('takes the median of the trials: %s', (text, of) => {
    const result = judged(text).find(({ target }) => target === 'go-bare')!;
    expect(result).toMatchObject({ trials: 3, holds: true, reason: null });
    expect(result.value).toBe(middle(goBare.trials.map(of)));
  });

  it('leaves out trials that were watched', () => {
    const target = structuredClone(goBare);
    target.trials.push({ ...structuredClone(target.trials[0]!), traced: true });
    target.trials[3]!.load.requestsPerSecond = 1;
    const [result] = judged('requestsPerSecond>2', { ...reference, targets: [target] });
    expect(result).toMatchObject({ trials: 3, holds: true });
  });

  it('does not hold where nothing was measured, and says why', () => {
    const target = { ...goBare, trials: [] };
    expect(judged('p99<1s', { ...reference, targets: [target] })).toMatchObject([
      { value: null, holds: false, reason: 'no trial of this target was measured' },
    ]);
    const blind = structuredClone(goBare);
    for (const { server } of blind.trials) {
      server!.rssPeakBytes = null;
      server!.unavailable = [{ figure: 'memory', reason: 'hidepid is set' }];
    }
    expect(judged('rssPeak<1GB', { ...reference, targets: [blind] })).toMatchObject([
      { value: null, holds: false, reason: 'no memory: hidepid is set' },
    ]);
  });
});

describe('a latency that is only a lower bound', () => {
  /** Trials with such a p99, in milliseconds; a lower bound where requests were not answered. */
  const withP99 = (...trials: [millis: number, unanswered: number][]): typeof reference => {
    const target = structuredClone(goBare);
    target.trials = trials.map(([millis, censored]) => {
      const trial = structuredClone(goBare.trials[0]!);
      const times = { ...trial.latencyUs!, p99: millis * 1000, censored };
      return { ...trial, latencyUs: { ...times, lowerBounds: censored > 0 ? ['p99'] : [] } };
    });
    return { ...reference, targets: [target] };
  };

  it.each([
    ['breaks a limit that it is above already', 'p99<=1ms', false],
    ['proves nothing of a limit that it is below', 'p99<=1s', false],
    ['proves no equality', 'p99==2ms', false],
  ])('%s: %s', (_, text, holds) => {
    expect(judged(text, withP99([2, 3]))).toMatchObject([{ value: 2000, censored: 3, holds }]);
    expect(judged(text.replace('p99', 'p50'), withP99([2, 3]))).toMatchObject([{ censored: 0 }]);
  });

  it('counts among trials as one of the highest', () => {
    expect(judged('p99<=5ms', withP99([3, 0], [1, 2], [4, 0]))).toMatchObject([
      { value: 4000, censored: 0, holds: true },
    ]);
    expect(judged('p99<=3ms', withP99([3, 0], [1, 2], [4, 0]))).toMatchObject([{ holds: false }]);
  });

  it('makes the median one where that rests on it', () => {
    expect(judged('p99<=5ms', withP99([3, 0], [1, 2], [4, 1]))).toMatchObject([
      { value: 3000, censored: 3, holds: false },
    ]);
    expect(judged('p99<=5ms', withP99([3, 0], [1, 2]))).toMatchObject([
      { value: 2000, censored: 2, holds: false },
    ]);
  });
});

describe('a condition on one request', () => {
  const of = (name: string, requestsPerSecond: number): PhaseResult['requests'][0] => ({
    ...{ name, method: 'GET', path: '/', weight: 1, requestsSent: 10, responses: 8 },
    ...{ requestsPerSecond, statusCodes: { '200': 6, '404': 2 }, errorResponses: 2 },
    errors: { timeout: 2 },
    events: null,
    latencyUs: goBare.trials[0]!.latencyUs,
  });
  const target = structuredClone(goBare);
  for (const trial of target.trials) {
    for (const [place, phase] of trial.phases.entries()) {
      phase.requests = [of('read', 100 + place), of('GET /a?n={seq}', 200 + place)];
    }
  }
  const places = target.trials[0]!.phases.map(({ name }) => name);
  const asked = (text: string) => judged(text, { ...reference, targets: [target] })[0]!;

  it('is asked of that request in that phase, by the definitions of all figures', () => {
    const value = 200 + places.indexOf('throughput');
    expect(asked('throughput.GET /a?n={seq}.requestsPerSecond>=1')).toMatchObject({
      ...{ phase: 'throughput', request: 'GET /a?n={seq}', value, trials: 3, holds: true },
    });
    expect(asked('latency.read.errors==0')).toMatchObject({ value: 4, holds: false });
    const { p99 } = goBare.trials[0]!.latencyUs!;
    expect(asked('latency.read.p99<1us')).toMatchObject({ value: p99, holds: false });
  });

  it('does not hold where the request was not measured', () => {
    expect(asked('latency.write.p99<1s')).toMatchObject({
      ...{ value: null, holds: false, reason: 'no phase "latency.write" was measured' },
    });
  });
});

describe('errors', () => {
  const withLoad = (change: (load: (typeof goBare.trials)[0]['load']) => void) => {
    const target = structuredClone(goBare);
    target.trials = target.trials.slice(0, 1);
    change(target.trials[0]!.phases[0]!.load);
    return { ...reference, targets: [target] };
  };
  const count = (result: typeof reference): number | null => judged('errors==0', result)[0]!.value;

  it('are those of every phase: failed requests and connections', () => {
    expect(count(withLoad(() => undefined))).toBe(0);
    const result = withLoad((load) => {
      load.errors = { reset: 2 };
      load.connectErrors = { refused: 3 };
    });
    expect(count(result)).toBe(5);
  });

  it('are statuses from 400 on as well, but for those that the scenario expects', () => {
    const result = withLoad((load) => (load.statusCodes = { '200': 5, '404': 7, '500': 1 }));
    expect(count(result)).toBe(8);
    const { load } = result.targets[0]!.trials[0]!.phases[0]!;
    load.errorResponses = 1;
    expect(count(result)).toBe(1);
  });

  it('count a status that was not expected once', () => {
    const result = withLoad((load) => {
      load.statusCodes = { '500': 4 };
      load.errors = { 'unexpected-status': 4 };
    });
    expect(count(result)).toBe(4);
  });
});

describe('docs/thresholds.md', () => {
  it('names every metric', () => {
    const page = readFileSync(join(root, 'docs/thresholds.md'), 'utf8');
    for (const name of figures.keys()) {
      const family = name.replace(/\.?(p\d+|mean|max)$/, '');
      if (family === '') expect(page).toContain(`\`${name}\``);
      else expect(page).toContain(`\`${family}${family === name ? '' : '.'}`);
    }
  });
});
