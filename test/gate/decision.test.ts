import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../../src/gate/decision.js';
import type { MetricName } from '../../src/gate/metric.js';
import type { Pair } from '../../src/gate/pair.js';
import { defaultPairsPerSet, type GatePlan } from '../../src/gate/plan.js';
import type { GateVerdict, MetricVerdict } from '../../src/gate/verdict.js';

const cpuOnly = planFor({ cpuUsPerRequest: 0.03 });
const both = planFor({ cpuUsPerRequest: 0.03, requestsPerSecond: 0.03 });
const broken: Pair = { valid: false, reason: 'The generator was saturated' };

describe('a gate over pairs', () => {
  it('asks for seven pairs at least, and passes on them where nothing has changed', () => {
    for (let n = 0; n < 7; n++) {
      expect(ask(cpuOnly, cpu(repeat(n, 1)))).toEqual({
        kind: 'continue',
        set: 'first',
        wanted: ['cpuUsPerRequest'],
        atLeast: 7 - n,
      });
    }
    const gate = decided(cpuOnly, cpu(repeat(7, 1)));
    expect(gate).toEqual({
      verdict: 'pass',
      metrics: [
        {
          metric: 'cpuUsPerRequest',
          ...{ allowed: 0.03, floor: 0, detect: null, level: null },
          ...{ verdict: 'pass', proven: true },
          interval: { ratio: 1, low: 1, high: 1, pairs: 7 },
        },
      ],
    });
  });

  it('goes on while the interval holds both what is allowed and what is not', () => {
    const pairs = cpu([1.01, 1.04, 1.02, 1.05, 1.03, 1.02, 1.04, 1.03]);
    expect(ask(cpuOnly, pairs)).toMatchObject({ kind: 'continue', set: 'first' });
  });

  it('calls a regression only once a second set of fresh pairs shows it as well', () => {
    const first = [1.1, 1.12, 1.09, 1.11, 1.1, 1.13, 1.08];
    const second = [1.06, 1.07, 1.05, 1.06, 1.08, 1.06, 1.07];
    expect(ask(cpuOnly, cpu(first))).toMatchObject({ kind: 'continue', set: 'second' });
    for (let n = 1; n < 7; n++) {
      expect(ask(cpuOnly, cpu([...first, ...second.slice(0, n)])).kind).toBe('continue');
    }
    const gate = decided(cpuOnly, cpu([...first, ...second]));
    expect(gate.verdict).toBe('regression');
    const verdict = only(gate);
    if (verdict.verdict !== 'regression') throw new Error(verdict.verdict);
    // The figures are the second set's: the first was chosen for showing a regression.
    expect(verdict.interval).toMatchObject({ pairs: 7 });
    expect(verdict.interval.ratio).toBeCloseTo(1.063, 2);
    expect(verdict.interval.low).toBeGreaterThan(1.03);
    expect(verdict.first.ratio).toBeCloseTo(1.104, 2);
  });

  it('asks a second set for more where it has several suspicions to test (Holm)', () => {
    const three = planFor({ cpuUsPerRequest: 0.03, p50: 0.03, rssPeak: 0.05 });
    const worse = repeat(15, 1.1).map((ratio): Pair => ({
      valid: true,
      ratios: { cpuUsPerRequest: ratio, p50: ratio, rssPeak: ratio },
    }));
    expect(ask(cpuOnly, worse.slice(0, 13)).kind).toBe('continue');
    expect(decided(cpuOnly, worse.slice(0, 14)).verdict).toBe('regression');
    expect(ask(three, worse.slice(0, 14))).toMatchObject({ kind: 'continue', set: 'second' });
    expect(decided(three, worse).verdict).toBe('regression');
  });

  it('measures a second set for what is suspected alone, and the others once it is refuted', () => {
    const plan = planFor({ cpuUsPerRequest: 0.03, p50: 0.03 });
    const open = Array.from({ length: 7 }, (_, at) => (at % 2 === 0 ? 1 : 1.07));
    const first = open.map((p50): Pair => ({ valid: true, ratios: { cpuUsPerRequest: 1.1, p50 } }));
    const waiting = { kind: 'continue', set: 'second', wanted: ['cpuUsPerRequest'] };
    expect(ask(plan, first)).toMatchObject(waiting);
    const second = cpu(repeat(7, 1)).map((pair): Pair => ({ ...pair, skipped: ['p50'] }) as Pair);
    expect(ask(plan, [...first, ...second.slice(1)])).toMatchObject(waiting);
    expect(ask(plan, [...first, ...second])).toMatchObject({ set: 'first', wanted: ['p50'] });
  });

  it('keeps a pass, whatever the pairs after it show', () => {
    const late = [...repeat(7, 1), ...repeat(13, 1.2)].map((ratio, at): Pair => ({
      valid: true,
      ratios: { cpuUsPerRequest: ratio, p50: at % 2 === 0 ? 1 : 1.07 },
    }));
    expect(ask(planFor({ cpuUsPerRequest: 0.03, p50: 0.03 }), late.slice(0, 19))).toMatchObject({
      kind: 'continue',
      wanted: ['p50'],
    });
  });

  it('passes what the second set refutes, by the second set', () => {
    const gate = decided(cpuOnly, cpu([...repeat(7, 1.1), ...repeat(7, 1.002)]));
    expect(gate.verdict).toBe('pass');
    const verdict = only(gate);
    if (verdict.verdict !== 'pass') throw new Error(verdict.verdict);
    expect(verdict.interval.pairs).toBe(7);
    expect(verdict.interval.high).toBeCloseTo(1.002, 9);
  });

  it('stays inconclusive on what the second set neither confirms nor refutes, and says so', () => {
    const doubtful = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 1 : 1.064));
    const gate = decided(cpuOnly, cpu([...repeat(7, 1.1), ...doubtful]));
    expect(gate.verdict).toBe('inconclusive');
    const verdict = only(gate);
    if (verdict.verdict !== 'inconclusive') throw new Error(verdict.verdict);
    expect(verdict.interval?.pairs).toBe(20);
    expect(verdict.suspicion?.pairs).toBe(7);
    expect(verdict.suspicion?.ratio).toBeCloseTo(1.1, 9);
    expect(verdict.needed?.seconds).toBe(verdict.needed!.pairsPerSet * 2 * 8);
  });

  it('takes a pair that was not asked for a metric for none of it', () => {
    const plan = planFor({ cpuUsPerRequest: 0.03, rssIdle: 0.05 });
    const whole = repeat(7, 1).map((ratio): Pair => ({
      valid: true,
      ratios: { cpuUsPerRequest: ratio * 1.1, rssIdle: ratio },
    }));
    const rest = cpu(repeat(7, 1.1)).map((pair): Pair =>
      pair.valid ? { ...pair, skipped: ['rssIdle'] } : pair,
    );
    expect(ask(plan, whole)).toMatchObject({ kind: 'continue', wanted: ['cpuUsPerRequest'] });
    const gate = decided(plan, [...whole, ...rest]);
    expect(gate).toMatchObject({
      verdict: 'regression',
      metrics: [{ verdict: 'regression' }, { verdict: 'pass' }],
    });
    // Without being told so, it would be a build that breaks its own measurement.
    expect(decided(plan, [...whole, ...cpu(repeat(7, 1.1))])).toMatchObject({
      metrics: [{}, { verdict: 'invalid' }],
    });
  });

  it('knows that more throughput is better and less is worse', () => {
    const pairs = (requestsPerSecond: number): Pair[] =>
      repeat(14, requestsPerSecond).map((ratio) => ({
        valid: true,
        ratios: { requestsPerSecond: ratio },
      }));
    const plan = planFor({ requestsPerSecond: 0.03 });
    expect(decided(plan, pairs(0.96)).verdict).toBe('regression');
    expect(decided(plan, pairs(0.97).slice(0, 7)).verdict).toBe('pass');
    expect(decided(plan, pairs(1.03).slice(0, 7)).verdict).toBe('pass');
    expect(decided(plan, pairs(1.04).slice(0, 7)).verdict).toBe('improvement');
    expect(decided(cpuOnly, cpu(repeat(14, 1.04))).verdict).toBe('regression');
    expect(decided(cpuOnly, cpu(repeat(7, 1.03))).verdict).toBe('pass');
    expect(decided(cpuOnly, cpu(repeat(7, 0.96))).verdict).toBe('improvement');
  });

  it('waits for the last metric before it passes', () => {
    const wide = [1.02, 0.95, 1.05, 0.99, 1.04, 0.96, 1.01];
    const pairs = wide.map((throughput): Pair => ({
      valid: true,
      ratios: { cpuUsPerRequest: 1, requestsPerSecond: throughput },
    }));
    expect(ask(both, pairs)).toMatchObject({ kind: 'continue', wanted: ['requestsPerSecond'] });
  });

  it('says regression over all, whatever the other metrics say', () => {
    const pairs = repeat(16, 1.1).map((ratio): Pair => ({
      valid: true,
      ratios: { cpuUsPerRequest: ratio, requestsPerSecond: ratio },
    }));
    const gate = decided(both, pairs);
    expect(gate.verdict).toBe('regression');
    expect(metricsOf(gate).map(({ verdict }) => verdict)).toEqual(['regression', 'improvement']);
  });

  it('says what budget would have decided, for both sets where a regression is suspected', () => {
    const first = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 1 : 1.05));
    const verdict = only(decided(cpuOnly, cpu(first)));
    if (verdict.verdict !== 'inconclusive') throw new Error(verdict.verdict);
    const { pairsPerSet, seconds } = verdict.needed!;
    expect(pairsPerSet).toBeGreaterThan(20);
    expect(pairsPerSet).toBeLessThan(400);
    expect(seconds).toBe(pairsPerSet * 8);
  });

  it('says nothing of a budget where the change is as large as is allowed', () => {
    // Evenly around 1.03 by logarithms.
    const pairs = cpu(
      Array.from({ length: 20 }, (_, at) => 1.03 * Math.exp((at % 2 === 0 ? 1 : -1) * at * 0.001)),
    );
    expect(only(decided(cpuOnly, pairs))).toMatchObject({ verdict: 'inconclusive', needed: null });
  });

  describe('that may pass without proof', () => {
    const lenient = withDetect(cpuOnly, 0.06);
    /** Evenly around a ratio, up to so far from it. */
    const around = (ratio: number, spread: number, count = 20): Pair[] =>
      cpu(Array.from({ length: count }, (_, at) => ratio * Math.exp(spread * Math.sin(2.4 * at))));

    it('uses its budget to prove it first, and then passes what looks unchanged', () => {
      const pairs = around(1.01, 0.08);
      expect(ask(lenient, pairs.slice(0, 19))).toMatchObject({ kind: 'continue' });
      const verdict = only(decided(lenient, pairs));
      expect(verdict).toMatchObject({ verdict: 'pass', proven: false, detect: 0.06 });
      if (verdict.verdict !== 'pass') throw new Error(verdict.verdict);
      expect(verdict.interval.low).toBeLessThan(1);
      expect(verdict.interval.high).toBeGreaterThan(1.03);
      expect(verdict.interval.high).toBeLessThan(1.06);
      expect(decided(cpuOnly, pairs).verdict).toBe('inconclusive');
    });

    it('is inconclusive where a change of the size to detect could have hidden', () => {
      expect(decided(lenient, around(1.01, 0.15)).verdict).toBe('inconclusive');
      expect(decided(withDetect(cpuOnly, 0.2), around(1.01, 0.15)).verdict).toBe('pass');
    });

    it('is inconclusive where it is worse for certain, if perhaps by no more than is allowed', () => {
      const gate = decided(lenient, around(1.03, 0.02));
      expect(only(gate)).toMatchObject({ verdict: 'inconclusive' });
    });

    it('is inconclusive of what the first set suspects, whatever the second looks like', () => {
      const gate = decided(lenient, [...cpu(repeat(7, 1.1)), ...around(1.01, 0.08)]);
      expect(only(gate)).toMatchObject({ verdict: 'inconclusive' });
    });

    it('takes the amount for the share of it where that is more', () => {
      const started = around(1, 0.9).map((pair): Pair => {
        if (!pair.valid) throw new Error(pair.reason);
        return {
          valid: true,
          ratios: { startup: pair.ratios.cpuUsPerRequest! },
          base: { startup: 10_000 },
        };
      });
      const plan = withDetect(planFor({ startup: 0.05 }, 500), 0.1, 9_000);
      expect(only(decided(plan, started))).toMatchObject({
        proven: false,
        allowed: 0.05,
        detect: 0.9,
      });
    });
  });

  it('is inconclusive when the time is up before the interval decides', () => {
    const decision = decide(cpuOnly, cpu(repeat(5, 1)), { spent: true, secondsPerPair: 8 });
    if (decision.kind !== 'decided') throw new Error(decision.kind);
    expect(only(decision.gate)).toMatchObject({
      verdict: 'inconclusive',
      interval: { ratio: 1, low: 0, high: Infinity, pairs: 5 },
      suspicion: null,
    });
  });

  describe('with an amount that is always allowed', () => {
    const started = (base: number, ratio: number) => (at: number) =>
      ({ valid: true, ratios: { startup: ratio }, base: { startup: base + at } }) satisfies Pair;
    const pairs = (count: number, of: (at: number) => Pair): Pair[] =>
      Array.from({ length: count }, (_, at) => of(at));
    const plan = planFor({ startup: 0.05 }, 5_000);

    it('passes a change that is smaller, however large a share of the base it is', () => {
      // 4 ms of 10 ms.
      const gate = decided(plan, pairs(7, started(10_000, 1.4)));
      expect(gate.verdict).toBe('pass');
      expect(only(gate)).toMatchObject({ floor: 5_000, level: 10_003 });
      expect(only(gate).allowed).toBeCloseTo(5_000 / 10_003, 9);
    });

    it('calls one that is larger', () => {
      expect(decided(plan, pairs(14, started(10_000, 1.6))).verdict).toBe('regression');
      // 6 ms of 100 ms: the share is what counts.
      expect(decided(plan, pairs(7, started(100_000, 1.04))).verdict).toBe('pass');
      expect(decided(plan, pairs(14, started(100_000, 1.06))).verdict).toBe('regression');
      expect(only(decided(plan, pairs(14, started(100_000, 1.06)))).allowed).toBe(0.05);
    });

    it('keeps the limit of the first look, whatever level later pairs have', () => {
      const later = pairs(13, started(1_000_000, 1.4));
      const gate = decided(plan, [...pairs(7, started(10_000, 1.6)), ...later]);
      expect(only(gate)).toMatchObject({ verdict: 'pass', level: 10_003 });
    });
  });

  it('is invalid where pairs are: at three, and more than a third', () => {
    expect(ask(cpuOnly, [broken, broken, ...cpu(repeat(2, 1))]).kind).toBe('continue');
    expect(decided(cpuOnly, [broken, broken, ...cpu(repeat(7, 1))]).verdict).toBe('pass');
    expect(decided(cpuOnly, [broken, broken, broken, ...cpu(repeat(5, 1))])).toMatchObject({
      verdict: 'invalid',
      reasons: ['3 times: The generator was saturated'],
    });
    const few: Pair[] = [broken, broken, broken, ...cpu(repeat(7, 1))];
    expect(decided(cpuOnly, few).verdict).toBe('pass');
  });

  it('says what a second set takes at least before it can tell anything', () => {
    const first = [1.1, 1.12, 1.09, 1.11, 1.1, 1.13, 1.08];
    for (let n = 0; n < 7; n++) {
      const pairs = cpu([...first, ...repeat(n, 1.1)]);
      expect(ask(cpuOnly, pairs)).toMatchObject({ set: 'second', atLeast: 7 - n });
    }
    expect(decided(cpuOnly, cpu([...first, ...repeat(7, 1.1)])).verdict).toBe('regression');
  });

  it('says why nothing was measured, and judges no metric by it', () => {
    const nothing = decide(both, [], { spent: true, secondsPerPair: 0 });
    expect(nothing).toEqual({
      kind: 'decided',
      gate: {
        ...{ verdict: 'inconclusive', metrics: [] },
        reasons: ['no pair was measured to its end'],
      },
    });
    const gate = decide(both, [broken, broken], { spent: true, secondsPerPair: 8 });
    expect(gate).toMatchObject({
      gate: { verdict: 'invalid', reasons: ['2 times: The generator was saturated'], metrics: [] },
    });
  });

  it('is invalid for a metric that pairs lack', () => {
    const lacking: Pair[] = repeat(7, 1).map((ratio, at) => ({
      valid: true,
      ratios:
        at < 4 ? { cpuUsPerRequest: ratio } : { cpuUsPerRequest: ratio, requestsPerSecond: ratio },
    }));
    expect(decided(both, lacking)).toMatchObject({
      verdict: 'invalid',
      reasons: ['requests/s is missing from 4 of 7 pairs'],
    });
    const noRatio = cpu([1, NaN, 1, 0, 1, Infinity, 1]);
    expect(decided(cpuOnly, noRatio)).toMatchObject({
      verdict: 'invalid',
      reasons: ['CPU per request is missing from 3 of 7 pairs'],
    });
  });

  it('ends, whatever the pairs are', () => {
    const ratio = fc.double({ min: 0.5, max: 2, noNaN: true });
    const pair = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record({
          valid: fc.constant(true as const),
          ratios: fc.record(
            { cpuUsPerRequest: ratio, requestsPerSecond: ratio },
            { requiredKeys: [] },
          ),
        }),
      },
      { weight: 1, arbitrary: fc.constant(broken) },
    );
    fc.assert(
      fc.property(fc.array(pair, { minLength: 90, maxLength: 90 }), (pairs) => {
        expect(ask(both, pairs).kind).toBe('decided');
      }),
      { numRuns: 50 },
    );
  });
});

function planFor(shares: Partial<Record<MetricName, number>>, floor = 0): GatePlan {
  const allowed = Object.entries(shares) as [MetricName, number][];
  return {
    allowed: new Map(allowed.map(([metric, share]) => [metric, { share, floor }])),
    detect: null,
    pairsPerSet: defaultPairsPerSet,
  };
}

function withDetect(plan: GatePlan, share: number, floor = 0): GatePlan {
  return { ...plan, detect: new Map([...plan.allowed.keys()].map((it) => [it, { share, floor }])) };
}

function repeat(times: number, ratio: number): number[] {
  return Array.from({ length: times }, () => ratio);
}

function cpu(ratios: readonly number[]): Pair[] {
  return ratios.map((ratio) => ({ valid: true, ratios: { cpuUsPerRequest: ratio } }));
}

function ask(plan: GatePlan, pairs: readonly Pair[]): Decision {
  return decide(plan, pairs, { spent: false, secondsPerPair: 8 });
}

function decided(plan: GatePlan, pairs: readonly Pair[]): GateVerdict {
  const decision = ask(plan, pairs);
  if (decision.kind !== 'decided') throw new Error('Not decided');
  return decision.gate;
}

function metricsOf(gate: GateVerdict): readonly MetricVerdict[] {
  return gate.verdict === 'no-baseline' ? [] : gate.metrics;
}

function only(gate: GateVerdict): MetricVerdict {
  expect(metricsOf(gate)).toHaveLength(1);
  return metricsOf(gate)[0]!;
}
