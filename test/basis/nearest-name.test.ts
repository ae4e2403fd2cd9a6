import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/basis/nearest-name.js';

describe('a misspelled name', () => {
  const names = ['compare', 'compare-quick', 'churn', 'rate', 'requests'];

  it.each([
    ['compre', 'compare'],
    ['Compare', 'compare'],
    ['chrun', 'churn'],
    ['rat', 'rate'],
    ['request', 'requests'],
    ['compare-quik', 'compare-quick'],
  ])('%s is taken for %s', (name, meant) => {
    expect(nearestName(name, names)).toBe(meant);
  });

  it.each(['soak', 'x', 'completely-different', ''])('%j resembles none', (name) => {
    expect(nearestName(name, names)).toBeNull();
  });
});
