import { describe, expect, it } from 'vitest';
import { gravest, judgeStored } from '../../src/baseline/judge.js';
import { trialValues } from '../../src/baseline/trial-values.js';
import type { TrialResult } from '../../src/results/schema.js';
import { reference } from './reference.js';

const { trials } = reference().targets.find(({ name }) => name === 'node-http')!;

/** The measured trials with another rate each: what happens is known. */
function withRates(...rates: number[]): TrialResult[] {
  return rates.map((requestsPerSecond) => {
    const trial = structuredClone(trials[0]!);
    for (const phase of trial.phases) phase.valid = true;
    trial.load.requestsPerSecond = requestsPerSecond;
    return trial;
  });
}

const base = withRates(1000, 1010, 990);
const share = (of: number) => ({ share: of, floor: 0 });

describe('a metric against a stored result', () => {
  it.each([
    [[1000, 1005, 995, 1002, 998], 'pass'],
    [[500, 505, 495, 502, 498], 'regression'],
    [[2000, 2005, 1995, 2002, 1998], 'improvement'],
    [[1000, 600, 1500, 900, 1200], 'inconclusive'],
    // Less by 25 % in the mean, but with the scatter of a shared machine that is not shown.
    [[900, 600, 750, 820, 700], 'inconclusive'],
  ])('of %j requests/s is %s', (now, verdict) => {
    expect(
      judgeStored('requestsPerSecond', share(0.2), null, base, withRates(...now)),
    ).toMatchObject({
      verdict,
    });
  });

  it('has an interval with a baseline of a single trial', () => {
    const now = withRates(500, 505, 495, 502, 498);
    expect(judgeStored('requestsPerSecond', share(0.2), null, base.slice(0, 1), now)!.verdict).toBe(
      'regression',
    );
    expect(
      judgeStored('requestsPerSecond', share(0.2), null, base.slice(0, 1), now.slice(0, 1)),
    ).toMatchObject({
      verdict: 'inconclusive',
      ratio: null,
    });
  });

  it('is invalid where more than a third of the trials lack it, with the reason', () => {
    const now = withRates(1000, 1000, 1000, 1000, 1000);
    const breakPhase = ({ phases }: TrialResult): void => {
      const phase = phases.find(({ kind }) => kind === 'throughput')!;
      phase.valid = false;
      phase.warnings = [{ code: 'errors', message: '9 % failed', remedy: 'Look' }];
    };
    breakPhase(now[0]!);
    expect(judgeStored('requestsPerSecond', share(0.2), null, base, now)!.verdict).toBe('pass');
    breakPhase(now[1]!);
    expect(judgeStored('requestsPerSecond', share(0.2), null, base, now)).toMatchObject({
      verdict: 'invalid',
      reason: 'requests/s is missing from 2 of 5 trials; 9 % failed',
    });
    // What is from another phase is not touched by it.
    expect(judgeStored('p50', share(0.2), null, base, now)!.verdict).not.toBe('invalid');
  });

  it('passes a change of less than the amount that is always allowed', () => {
    const now = withRates(500, 505, 495, 502, 498);
    const judged = judgeStored('requestsPerSecond', { share: 0.2, floor: 600 }, null, base, now)!;
    expect(judged.verdict).toBe('pass');
    expect(judged.level).toBeCloseTo(1000, 0);
    expect(judged.allowed).toBeCloseTo(0.6, 3);
  });

  it('passes without proof where a change of the size to detect could not have hidden', () => {
    const now = withRates(1000, 800, 1250, 900, 1100);
    const judge = (detect: number) =>
      judgeStored('requestsPerSecond', share(0.2), share(detect), base, now)!;
    expect(judgeStored('requestsPerSecond', share(0.2), null, base, now)!.verdict).toBe(
      'inconclusive',
    );
    expect(judge(0.4)).toMatchObject({ verdict: 'pass', proven: false, detect: 0.4 });
    expect(judge(0.21)).toMatchObject({ verdict: 'inconclusive', proven: null });
  });

  it('is left out where the baseline does not have it', () => {
    expect(judgeStored('instructionsPerRequest', share(0.2), null, base, base)).toBeNull();
  });
});

it('the gravest verdict is that of the gate, and of nothing it is invalid', () => {
  const verdicts = (...of: number[][]) =>
    of.map((rates) =>
      judgeStored('requestsPerSecond', share(0.2), null, base, withRates(...rates))!,
    );
  const pass = [1000, 1001, 999];
  expect(gravest(verdicts(pass, [500, 501, 499], [2000, 600, 1000]))).toBe('regression');
  expect(gravest(verdicts(pass, [2000, 600, 1000]))).toBe('inconclusive');
  expect(gravest(verdicts(pass, pass))).toBe('pass');
  expect(gravest([])).toBe('invalid');
});

it('the values are those that the result document has', () => {
  const valid = trials.map((trial) => structuredClone(trial));
  for (const { phases } of valid) for (const phase of phases) phase.valid = true;
  expect(trialValues('p99', valid).values).toEqual(trials.map((t) => t.latencyUs!.p99));
  expect(trialValues('startup', valid).values).toEqual(
    trials.map((t) => t.server!.startupMs! * 1000),
  );
  expect(trialValues('bytesPerConnection', valid).values).toEqual(
    trials.map((t) => t.server!.bytesPerConnection!.slope),
  );
});

it('a percentile that is only a lower bound is none that a baseline could be compared with', () => {
  const now = structuredClone(trials.slice(0, 2));
  for (const { phases } of now) for (const phase of phases) phase.valid = true;
  expect(trialValues('p50', now).values).toHaveLength(2);
  Object.assign(now[0]!.latencyUs!, { censored: 7, lowerBounds: ['p50', 'p99'] });
  const { values, reasons } = trialValues('p50', now);
  expect(values).toHaveLength(1);
  expect(reasons).toEqual([
    'it is only known to be at least so much, since 7 requests were not answered',
  ]);
});

it('33 and 34 whole microseconds are no change that is certain', () => {
  const withP50 = (micros: number): typeof trials =>
    trials.map((trial) => {
      const copy = structuredClone(trial);
      for (const phase of copy.phases) phase.valid = true;
      copy.valid = true;
      copy.latencyUs!.p50 = micros;
      copy.latencyUs!.lowerBounds = [];
      return copy;
    });
  const judged = judgeStored('p50', share(0.001), null, withP50(33), withP50(34))!;
  expect(judged.low).toBeLessThanOrEqual(1);
  expect(judged.verdict).toBe('inconclusive');
  expect(judgeStored('p50', share(0.001), null, withP50(33), withP50(36))!.verdict).toBe(
    'regression',
  );
});
