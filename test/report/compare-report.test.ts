import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { compareReport } from '../../src/report/compare-report.js';
import { resultSchema } from '../../src/results/schema.js';
import { root } from '../fixtures/c1m.js';

// The committed result, so that the golden files show what really was measured.
const folder = join(root, 'results', 'reference-2026-11-24');
const file = readdirSync(folder).find((name) => name.endsWith('.json'))!;
const reference = resultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
const plain = new Chalk({ level: 0 });
const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

describe('the table of a comparison', () => {
  it('has a row per target, with the spread over the trials', () => {
    return expect(compareReport([reference], Infinity, plain)).toMatchFileSnapshot(
      golden('compare.txt'),
    );
  });

  it('goes into several tables where the terminal is narrow', async () => {
    const report = compareReport([reference], 100, plain);
    const tables = report.split('\n').filter((line) => /^[┌│├└]/.test(line));
    for (const line of tables) expect(line.length).toBeLessThanOrEqual(100);
    await expect(report).toMatchFileSnapshot(golden('compare-narrow.txt'));
  });

  it('has the same columns and breaks in colour', () => {
    const colored = compareReport([reference], 100, new Chalk({ level: 1 }));
    expect(stripVTControlCharacters(colored)).toBe(compareReport([reference], 100, plain));
    expect(colored).toContain('\u001b[36m');
  });

  it('shows two results side by side, and says that their scenarios differ', () => {
    const { scenario } = reference;
    const other = { ...reference, scenario: { ...scenario, hash: 'another' } };
    const report = compareReport([reference, other], Infinity, plain);
    expect(report).toContain('go-bare [1]');
    expect(report).toContain('go-bare [2]');
    expect(report).toContain('The scenarios differ');
  });

  it('says that a rate was too near to what a target can do', () => {
    const slow = structuredClone(reference);
    for (const trial of slow.targets[0]!.trials) trial.load.requestsPerSecond = 1_500;
    expect(compareReport([slow], Infinity, plain)).toContain(
      '! go-bare: the latency’s rate is over half of what it can do',
    );
  });
});
