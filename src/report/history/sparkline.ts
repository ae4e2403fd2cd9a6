import { bar } from '../sparkline.js';
import type { Point } from './point.js';

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
      return bar(high === low ? 0.5 : (value - low) / (high - low));
    })
    .join('');
}
