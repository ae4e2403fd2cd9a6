import type { Point } from './point.js';

const steps = '▁▂▃▄▅▆▇█';

/**
 * A character per point, from the lowest value to the highest: × where it is not valid, · where
 * there is none.
 */
export function sparkline(points: readonly Pick<Point, 'value' | 'state'>[]): string {
  const values = points.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return points
    .map(({ value, state }) => {
      if (value === null) return state === 'invalid' ? '×' : '·';
      const share = high === low ? 0.5 : (value - low) / (high - low);
      return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))]!;
    })
    .join('');
}
