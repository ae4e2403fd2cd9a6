import { describe, expect, it } from 'vitest';
import { standing } from '../../src/claims/bound.js';
import type { Condition } from '../../src/claims/claim.js';
import { findingOf } from '../../src/claims/finding.js';
import { verdictOf } from '../../src/claims/verdict.js';
import type { ClaimArm, ClaimFigure, Verdict } from '../../src/results/claims.js';

const time: ClaimFigure = {
  ...{ name: 'startup', title: 'start-up', unit: 'us' },
  ...{ resolution: 0, exact: false },
};
const size: ClaimFigure = {
  ...{ name: 'artifact', title: 'size', unit: 'bytes' },
  ...{ resolution: 0, exact: true },
};

type Values = readonly Readonly<Record<string, number>>[];

function arm(name: string, values: Values, more: Partial<ClaimArm> = {}): ClaimArm {
  const runs = values.map((figures, index) => ({ index, startedAt: '', figures }));
  return {
    ...{ name, kind: 'start', target: name, runtime: 'go', version: null, runs },
    ...{ skipped: null, failures: [], ...more },
  };
}

const starts = (...micros: number[]): Values =>
  micros.map((startup) => ({ startup, artifact: 5e6 }));
const failure = {
  ...{ name: 'go', runtime: 'go', trial: 3, reason: 'it fell over', remedy: 'Hold it' },
};

const quick: Condition = {
  ...{ says: 'it starts in under 10 ms', figure: time, arm: 'a', over: null },
  bound: { kind: 'below', amount: 10_000 },
};
const small: Condition = {
  ...{ says: 'it is under 4 MB', figure: size, arm: 'a', over: null },
  bound: { kind: 'below', amount: 4e6 },
};
const faster: Condition = {
  ...{ says: 'a starts sooner than b', figure: time, arm: 'a', over: 'b' },
  bound: { kind: 'below', amount: 1 },
};

function judge(conditions: readonly Condition[], ...arms: ClaimArm[]): Verdict {
  const findings = conditions.map((condition) => findingOf(condition, arms));
  return verdictOf(findings, [time, size]);
}

describe('a claim', () => {
  it('holds where the whole interval of each condition is on its side', () => {
    const verdict = judge([quick], arm('a', starts(4_000, 4_100, 4_200, 4_050)));
    expect(verdict.kind).toBe('holds');
    expect(verdict.reason).toMatch(
      /^It is so that it starts in under 10 ms \(4\.08 ms, 3\.\d+–4\.\d+ ms, needed below 10\.0 ms\)\.$/,
    );
    expect(verdict.remedy).toBeNull();
  });

  it('does not hold where the whole interval is on the other side', () => {
    const verdict = judge([quick], arm('a', starts(14_000, 14_100, 14_200)));
    expect(verdict.kind).toBe('does-not-hold');
    expect(verdict.reason).toMatch(/^It is not so that it starts in under 10 ms \(14\.1 ms, /);
  });

  it('holds in part where one condition is met and another is not, and says which', () => {
    const verdict = judge([quick, small], arm('a', starts(4_000, 4_100, 4_200)));
    expect(verdict.kind).toBe('holds-in-part');
    expect(verdict.reason).toMatch(
      /^It is so that it starts .*; it is not so that it is under 4 MB \(5\.00 MB, needed below 4\.00 MB\)\.$/,
    );
  });

  it('cannot be told where the interval lies on both sides, however the median does', () => {
    const verdict = judge([quick], arm('a', starts(4_000, 9_000, 14_000)));
    expect(verdict.kind).toBe('cannot-be-told');
    expect(verdict.reason).toContain('its interval lies on both sides');
    expect(verdict.remedy).toContain('Measure it again');
  });

  it('cannot be measured where an arm cannot, with the reason and what would be needed', () => {
    const skipped = { reason: 'Go not found', remedy: 'Install it.' };
    expect(judge([quick, small], arm('a', [], { skipped }))).toEqual({
      kind: 'cannot-be-measured',
      reason:
        'It was not measured whether it starts in under 10 ms (a: Go not found), nor whether it is under 4 MB (a: Go not found).',
      remedy: 'Install it.',
    });
  });

  it('never holds where processes failed, whatever the others say', () => {
    const verdict = judge([quick], arm('a', starts(4_000, 4_100, 4_200), { failures: [failure] }));
    expect(verdict).toMatchObject({ kind: 'cannot-be-told', remedy: 'Hold it' });
    expect(verdict.reason).toContain('1 of 4 processes of a failed (it fell over)');
    // What failed of the arm that is divided by counts as well.
    const two = [arm('a', starts(1_000, 1_010, 1_020)), arm('b', starts(2_000, 2_010, 2_020))];
    expect(judge([faster], ...two).kind).toBe('holds');
    const broken = arm('b', starts(2_000, 2_010, 2_020), { failures: [failure] });
    expect(judge([faster], two[0]!, broken).kind).toBe('cannot-be-told');
  });

  it('cannot be measured where all processes failed, with the reason of the first', () => {
    const verdict = judge([quick], arm('a', [], { failures: [failure] }));
    expect(verdict).toMatchObject({ kind: 'cannot-be-measured', remedy: 'Hold it' });
  });

  it('is never told from one number, or two', () => {
    for (const values of [starts(4_000), starts(4_000, 4_001)]) {
      const verdict = judge([quick], arm('a', values));
      expect(verdict.kind).toBe('cannot-be-told');
      expect(verdict.reason).toMatch(/only .* measured, and an interval needs 3/);
    }
    expect(judge([quick], arm('a', [])).reason).toContain('no process was measured');
  });

  it('is told from one reading of what no process changes, such as the size of a file', () => {
    expect(judge([small], arm('a', starts(1))).kind).toBe('does-not-hold');
  });

  it('does not hold where something speaks against it and the rest is open', () => {
    const arms = [arm('a', starts(4_000, 9_000, 14_000)), arm('b', starts(1_000, 1_010, 1_020))];
    expect(judge([quick, small], ...arms).kind).toBe('does-not-hold');
  });

  it('is judged with the resolution of its figure in the interval', () => {
    const coarse = { ...quick, figure: { ...time, resolution: 1_000 } };
    const near = arm('a', starts(9_500, 9_510, 9_520, 9_515));
    expect(judge([quick], near).kind).toBe('holds');
    expect(judge([coarse], near).kind).toBe('cannot-be-told');
  });

  it('cannot be measured where no process has the figure, although they were measured', () => {
    const verdict = judge([quick], arm('a', [{ artifact: 1 }, { artifact: 1 }, { artifact: 1 }]));
    expect(verdict.kind).toBe('cannot-be-measured');
    expect(verdict.reason).toContain('start-up could not be measured on this host');
    // Where some have it, there are too few of them.
    const few = judge([quick], arm('a', [{ startup: 1 }, { artifact: 1 }, { artifact: 1 }]));
    expect(few.kind).toBe('cannot-be-told');
    expect(few.reason).toContain('only one process was measured');
  });

  it('has no ratio of a figure that is 0', () => {
    const verdict = judge([faster], arm('a', starts(0, 0, 0)), arm('b', starts(1, 2, 3)));
    expect(verdict.kind).toBe('cannot-be-measured');
    expect(verdict.reason).toContain('is not above 0 in every process');
  });
});

describe('a bound', () => {
  it.each([
    ['below', 10, [1, 9.9], 'met'],
    ['below', 10, [1, 10], 'open'],
    ['below', 10, [10, 11], 'not-met'],
    ['atMost', 10, [1, 10], 'met'],
    ['atMost', 10, [10, 10.1], 'open'],
    ['atMost', 10, [10.1, 11], 'not-met'],
    ['above', 10, [10.1, 11], 'met'],
    ['above', 10, [10, 11], 'open'],
    ['above', 10, [1, 10], 'not-met'],
    ['atLeast', 10, [10, 11], 'met'],
    ['atLeast', 10, [9, 10], 'open'],
    ['atLeast', 10, [1, 9.9], 'not-met'],
  ] as const)('%s %d of %j is %s', (kind, amount, [low, high], outcome) => {
    expect(standing({ low, high }, { kind, amount })).toBe(outcome);
  });
});
