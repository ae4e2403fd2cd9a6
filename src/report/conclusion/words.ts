import type { Contestant } from '../../compare/contestant.js';
import { summarize } from '../../stats/sample.js';
import type { Ratio } from '../../stats/welch.js';
import { formatRange } from '../../basis/format.js';

/** "a, b and c". */
export function listed(names: readonly string[], before: 'and' | 'or' = 'and'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${before} ${names.at(-1)!}`;
}

/** So many are told with their figures, or in a headline; more have these only in the table. */
export const few = 3;

/** "d and e are behind", "d is behind". */
export function areBehind(some: readonly Contestant[]): string {
  return `${listed(some.map(({ label }) => label))} ${some.length > 1 ? 'are' : 'is'} behind`;
}

/** "three"; digits from ten on. */
export function numberWord(count: number): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  return words[count] ?? `${count}`;
}

/** "49.0 µs (46.0–54.0 µs)", the latter as the tables have it below the median. */
export function figureText({ values }: Contestant, format: (value: number) => string): string {
  const { median, count, spread } = summarize(values)!;
  const [low, high] = [format(spread.low), format(spread.high)];
  return count < 2 || low === high
    ? format(median)
    : `${format(median)} (${formatRange(low, high)})`;
}

/** "1.3 × (1.2–1.5)", with its 95 % interval. */
export function timesText({ ratio, low, high }: Ratio): string {
  const range = formatRange(times(low), times(high));
  return range === times(ratio) ? `${range} ×` : `${times(ratio)} × (${range})`;
}

function times(ratio: number): string {
  return ratio.toFixed(ratio >= 10 ? 0 : ratio >= 1.1 ? 1 : 2);
}
