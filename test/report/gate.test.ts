import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { gateJunit } from '../../src/report/gate-junit.js';
import { gateMarkdown } from '../../src/report/gate-markdown.js';
import { gateTable } from '../../src/report/gate-table.js';
import type { GateMetric, GateResult } from '../../src/results/gate.js';
import { gateResult } from '../fixtures/gate-result.js';

const startup: GateMetric = {
  ...{ name: 'startup', ratio: 1.2, low: 1.1, high: 1.3, reason: null, needed: null },
  suspected: false,
  ...{ verdict: 'pass', allowed: 0.5, floor: 5_000, detect: 1, level: 10_000, proven: true },
};

/** What each reporter makes of it. */
function reports(result: GateResult): string[] {
  return [gateTable(result, new Chalk({ level: 0 })), gateMarkdown(result), gateJunit(result)];
}

describe('what all reports of a gate say', () => {
  it('an amount is allowed where it is more than the share, and named with it', () => {
    for (const report of reports(gateResult({ verdict: 'pass', metrics: [startup] }))) {
      expect(report).toContain('5.00 ms (50 %)');
    }
    const slow = { ...startup, allowed: 0.05, level: 1_000_000 };
    for (const report of reports(gateResult({ verdict: 'pass', metrics: [slow] }))) {
      expect(report).toContain('5 %');
      expect(report).not.toContain('5.00 ms');
    }
  });

  it('a pass without proof says what could not have hidden, for better and worse alike', () => {
    const cpu: GateMetric = {
      ...{ name: 'cpuUsPerRequest', ratio: 1.01, low: 0.97, high: 1.059, reason: null },
      ...{ verdict: 'pass', proven: false, allowed: 0.03, detect: 0.06, floor: 0, level: 46 },
      ...{ needed: null, suspected: false },
    };
    const throughput = { ...cpu, name: 'requestsPerSecond', low: 0.944, high: 1.035, level: 5_000 };
    const metrics = [startup, cpu, throughput];
    for (const report of reports(gateResult({ verdict: 'pass', metrics }))) {
      expect(report).toContain('as far as this budget can tell');
      expect(report).toContain(
        'More than +5.9 % of CPU per request, −5.6 % of requests/s could not have hidden.',
      );
      expect(report).toContain('pass, not proven: more than +5.9 % could not have hidden');
    }
    expect(gateJunit(gateResult({ verdict: 'pass', metrics }))).toContain('failures="0"');
    const [, proven] = reports(gateResult({ verdict: 'pass', metrics: [startup] }));
    expect(proven).toContain('PASS: every metric is within its allowed change.');
  });

  const open: GateMetric = {
    ...{ name: 'requestsPerSecond', ratio: 0.54, low: null, high: null, reason: null },
    ...{ verdict: 'inconclusive', allowed: 0.03, detect: 0.06, floor: 0, level: 5_000 },
    ...{ proven: null, suspected: false, needed: { pairsPerSet: 7, seconds: 100 } },
  };

  it('too few pairs are said to be too few, and what would help', () => {
    const pairs = [1, 2, 3].map(() => ({
      valid: true as const,
      ratios: {},
      skipped: [],
      base: {},
    }));
    const few = gateResult({ verdict: 'inconclusive', metrics: [open], pairs });
    for (const report of reports(few)) {
      expect(report).toContain(
        'INCONCLUSIVE: requests/s: 3 pairs in the time there was are too few to tell anything.',
      );
      expect(report).toContain('--budget 2m would tell');
      expect(report).not.toMatch(/\? to|cannot be told/);
    }
    expect(gateJunit(few)).toContain('(too few pairs for an interval)');
  });

  it('a suspicion is told as one', () => {
    const suspected = { ...open, ratio: 0.9, low: 0.88, high: 0.93, suspected: true, needed: null };
    for (const report of reports(gateResult({ verdict: 'inconclusive', metrics: [suspected] }))) {
      expect(report).toContain(
        'requests/s −10.0 % looked worse, and there was no time to confirm or refute it',
      );
    }
  });

  it('a gate without a pair says why, and what to do', () => {
    const reasons = ['no pair was measured to its end'];
    for (const report of reports(gateResult({ verdict: 'inconclusive', reasons }))) {
      expect(report).toContain('INCONCLUSIVE: no pair was measured to its end. Give it more time');
    }
  });

  describe('c1m diff', () => {
    const better = { ...open, ratio: 1.11, low: 1.05, high: 1.15 };
    const worse = { ...better, name: 'cpuUsPerRequest' };
    const same = { ...better, name: 'p50', ratio: 1.01, low: 0.99, high: 1.02 };
    const of = (metrics: GateMetric[]) =>
      reports(gateResult({ purpose: 'diff', verdict: 'inconclusive', metrics }));

    it('speaks of differences, and not of what is allowed', () => {
      for (const report of of([better, worse, same])) {
        expect(report).toContain(
          'DIFFERENT; worse: CPU per request +11 %; better: requests/s +11 %.',
        );
        expect(report).toContain('no difference shown');
        expect(report).not.toMatch(/allowed|inconclusive|pass/i);
      }
    });

    it('says so where nothing differs', () => {
      for (const report of of([same])) expect(report).toContain('NO DIFFERENCE SHOWN.');
    });
  });
});
