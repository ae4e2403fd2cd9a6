import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { gateJunit } from '../../src/report/gate-junit.js';
import { gateMarkdown } from '../../src/report/gate-markdown.js';
import { gateTable } from '../../src/report/gate-table.js';
import type { GateMetric, GateResult } from '../../src/results/gate.js';
import { gateResult } from '../fixtures/gate-result.js';

const startup: GateMetric = {
  ...{ name: 'startup', ratio: 1.2, low: 1.1, high: 1.3, reason: null, needed: null },
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
      needed: null,
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
});
