import { describe, expect, it } from 'vitest';
import { hasStoppedFalling } from '../../src/duet/steady.js';

describe('the cost of a request', () => {
  it('is steady once its last three values are like the three before', () => {
    expect(hasStoppedFalling([90, 60, 51, 50, 50.5, 49.8], 0.04)).toBe(false);
    expect(hasStoppedFalling([90, 60, 51, 50, 50.5, 49.8, 50, 50.2, 50], 0.04)).toBe(true);
  });

  it('is steady in spite of a single wild value', () => {
    expect(hasStoppedFalling([50, 51, 50, 50, 300, 50], 0.04)).toBe(true);
  });

  it('is not waited for while it rises: that is the machine', () => {
    expect(hasStoppedFalling([50, 50, 51, 60, 70, 65], 0.04)).toBe(true);
  });

  it('is not known to be steady from few values, nor while it falls', () => {
    expect(hasStoppedFalling([50, 50, 50, 50, 50], 0.04)).toBe(false);
    expect(hasStoppedFalling([100, 95, 90, 85, 80, 75], 0.04)).toBe(false);
  });
});
