import { formatRange } from '../units.js';
import type { Standing } from './ranking.js';

/** "a, b and c". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** "49.0 µs (46.0–54.0 µs)". */
export function figureText(standing: Standing, format: (value: number) => string): string {
  const { median, min, max, spreadKnown } = standing;
  if (!spreadKnown) return format(median);
  const [low, high] = [format(min), format(max)];
  return low === high ? format(median) : `${format(median)} (${formatRange(low, high)})`;
}
