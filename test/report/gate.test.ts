import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { gateJunit } from '../../src/report/gate-junit.js';
import { gateMarkdown } from '../../src/report/gate-markdown.js';
import { gateTable } from '../../src/report/gate-table.js';
import type { GateMetric, GateResult } from '../../src/results/gate.js';
import { gateResult } from '../fixtures/gate-result.js';

const startup: GateMetric = {
  ...{ name: 'startup', ratio: 1.2, low: 1.1, high: 1.3, reason: null, needed: null },
  ...{ verdict: 'pass', allowed: 0.5, floor: 5_000, level: 10_000 },
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
});
