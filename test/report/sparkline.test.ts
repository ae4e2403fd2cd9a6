import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/report/sparkline.js';

describe('a sparkline', () => {
  it('stands on 0, and its highest bar is full', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([100, 99])).toBe('██');
  });

  it('shows the last values, by the highest of those', () => {
    expect(sparkline([1_000, 1, 2], { width: 2 })).toBe('▅█');
    expect(sparkline([1, 2], { width: 5 })).toBe('▅█');
    expect(sparkline([1, 2], { width: 0 })).toBe('');
    expect(sparkline([1, 2], { width: -3 })).toBe('');
  });

  it('leaves a gap where there is no value, and lies flat where all are 0', () => {
    expect(sparkline([1, NaN, 1])).toBe('█ █');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });
});
