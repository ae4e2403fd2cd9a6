import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUsable } from '../../src/figures/usable.js';
import { isLowerBound, isValid, warningClasses } from '../../src/figures/warning-classes.js';
import type { TrialResult } from '../../src/results/schema.js';
import { root } from '../fixtures/c1m.js';

const warned = (...codes: string[]) =>
  codes.map((code) => ({ code, message: `it is ${code}`, remedy: 'none' }));

describe('a warning', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const given = sources
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(root, 'src', file), 'utf8').matchAll(/\bcode: '([a-z0-9-]+)'/g),
    ])
    .map(([, code]) => code!)
    // Zod's own, of a problem in a scenario.
    .filter((code) => code !== 'custom');
  const documented = readFileSync(join(root, 'docs/measuring.md'), 'utf8');

  it.each([...new Set([...given, ...Object.keys(warningClasses)])])(
    'with the code %s has one class, and docs/measuring.md says when it is given',
    (code) => {
      expect(warningClasses[code]).toBeDefined();
      expect(documented.includes(`| \`${code}\` |`)).toBe(true);
    },
  );
});

describe('what is measured', () => {
  it('is valid where nothing but advice is said of it', () => {
    expect(isValid([])).toBe(true);
    expect(isValid(warned('error-statuses', 'connections-lost'))).toBe(true);
    expect(isValid(warned('generator-saturated'))).toBe(false);
    expect(isValid(warned('errors'))).toBe(false);
  });

  it('is a lower bound with advice beside it, and not with anything worse', () => {
    expect(isLowerBound(warned('generator-saturated'))).toBe(true);
    expect(isLowerBound(warned('generator-saturated', 'error-statuses'))).toBe(true);
    expect(isLowerBound(warned('generator-saturated', 'errors'))).toBe(false);
    expect(isLowerBound(warned('error-statuses'))).toBe(false);
    expect(isLowerBound(warned('generator-saturated', 'of-a-later-version'))).toBe(false);
  });

  it.each([
    [['generator-saturated', 'error-statuses'], true],
    [['generator-saturated'], true],
    [['generator-saturated', 'littles-law'], false],
    [['target-died'], false],
  ])('with the warnings %j is of use: %s', (codes, usable) => {
    const warnings = warned(...codes);
    const phases = [{ valid: false, warnings }];
    const trial = { valid: false, complete: true, warnings, phases } as unknown as TrialResult;
    expect(isUsable(trial)).toBe(usable);
  });
});
