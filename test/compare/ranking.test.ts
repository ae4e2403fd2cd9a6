import { describe, expect, it } from 'vitest';
import { provenDifferences, type Bar, type Contestant } from '../../src/compare/difference.js';
import { rank } from '../../src/compare/ranking.js';
import { normalNumbers } from '../fixtures/normal.js';

const bar: Bar = { better: 'higher', resolution: 0, noiseFloor: null };
const target = (label: string, ...values: number[]): Contestant => ({ label, values });

function ranks(contestants: readonly Contestant[], asked = bar): string[] {
  return rank(contestants, asked).standings.map(
    ({ label, rank: { best, worst } }) => `${label} ${best}~${worst}`,
  );
}

describe('a ranking', () => {
  it('places targets that clearly differ, and lets those within their noise share their ranks', () => {
    const targets = [
      target('slow', 49, 50, 51),
      target('fast', 1000, 1010, 1020),
      target('also fast', 990, 1015, 1025),
    ];
    expect(ranks(targets)).toEqual(['also fast 1~2', 'fast 1~2', 'slow 3~3']);
  });

  it('has the lowest first where less is better', () => {
    const targets = [target('a', 9, 9.1, 9.2), target('b', 1, 1.1, 1.05)];
    expect(ranks(targets, { ...bar, better: 'lower' })).toEqual(['b 1~1', 'a 2~2']);
  });

  it('proves nothing from a single trial', () => {
    const found = rank([target('a', 1), target('b', 1000)], bar);
    expect(found.repeated).toBe(false);
    expect(found.standings.map((each) => each.rank)).toEqual([
      { best: 1, worst: 2 },
      { best: 1, worst: 2 },
    ]);
  });

  it('does not believe a difference below the noise floor, however sure the test', () => {
    const targets = [target('a', 100, 100.1, 100.2), target('b', 104, 104.1, 104.2)];
    expect(ranks(targets)).toEqual(['b 1~1', 'a 2~2']);
    expect(ranks(targets, { ...bar, noiseFloor: 0.05 })).toEqual(['b 1~2', 'a 1~2']);
    expect(ranks(targets, { ...bar, noiseFloor: 0.03 })).toEqual(['b 1~1', 'a 2~2']);
  });

  it('does not believe a difference of one step of what the figure is measured in', () => {
    const asked: Bar = { ...bar, better: 'lower', resolution: 1 };
    const [a, b, c] = [target('a', 49, 49, 49), target('b', 50, 50, 50), target('c', 52, 52, 52)];
    expect(provenDifferences([[a, b]], asked)).toEqual([]);
    expect(provenDifferences([[a, c]], asked)).toEqual([{ better: a, worse: c }]);
  });

  it('compares turns with the turns of the others at that time', () => {
    const host = [0, 3, 1, 8, 2, 15, 4, 9];
    const at = (delay: number): number[] => host.map((more) => delay + more);
    const targets = [target('a', ...at(10)), target('b', ...at(12)), target('c', ...at(12.5))];
    const asked: Bar = { ...bar, better: 'lower', resolution: 1 };
    expect(ranks(targets, asked)).toEqual(['a 1~3', 'b 1~3', 'c 1~3']);
    const byTurns = { ...asked, byTurns: true };
    expect(ranks(targets, byTurns)).toEqual(['a 1~1', 'b 2~3', 'c 2~3']);
    // Of five, even if all say the same, p = 1/16.
    const few = targets.map(({ label, values }) => target(label, ...values.slice(0, 5)));
    expect(ranks(few, byTurns)).toEqual(['a 1~3', 'b 1~3', 'c 1~3']);
  });

  it('asks more of each pair the more pairs there are', () => {
    // p = 0.04997 (scipy.stats.ttest_ind of the logarithms, equal_var=False).
    const pair = [target('a', 100, 104, 102), target('b', 105, 111, 108)] as const;
    expect(provenDifferences([pair], bar)).toHaveLength(1);
    const alike = [target('c', 100, 104, 102), target('d', 102, 103, 99)] as const;
    expect(provenDifferences([pair, alike], bar)).toHaveLength(0);
  });

  it('of nine equal targets is wrong about any in at most 5 % of tables, unequal noise or not', () => {
    const normal = normalNumbers(5);
    for (const trials of [3, 5]) {
      const tables = 400;
      let wrong = 0;
      for (let table = 0; table < tables; table++) {
        const targets = Array.from({ length: 9 }, (_, place) =>
          target(
            `${place}`,
            ...Array.from({ length: trials }, () => Math.exp(0.01 * (1 + place) * normal())),
          ),
        );
        if (ranks(targets).some((text) => !text.endsWith(' 1~9'))) wrong++;
      }
      // 5 % + 2 standard errors of 400 tables.
      expect(wrong / tables).toBeLessThan(0.072);
    }
  });
});
