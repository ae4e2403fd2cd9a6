import { describe, expect, it } from 'vitest';
import { isSteady } from '../../src/duet/steady.js';

describe('a figure', () => {
  it('is steady once its last three values are like the three before', () => {
    expect(isSteady([90, 60, 51, 50, 50.5, 49.8], 0.04)).toBe(false);
    expect(isSteady([90, 60, 51, 50, 50.5, 49.8, 50, 50.2, 50], 0.04)).toBe(true);
  });

  it('is steady in spite of a single wild value', () => {
    expect(isSteady([50, 51, 50, 50, 300, 50], 0.04)).toBe(true);
  });

  it('is not known to be steady from few values, nor while it drifts', () => {
    expect(isSteady([50, 50, 50, 50, 50], 0.04)).toBe(false);
    expect(isSteady([100, 95, 90, 85, 80, 75], 0.04)).toBe(false);
  });
});
