import {
  isLowerBound,
  type BoundFigure,
  type CensoredDistribution,
} from '../results/distribution.js';
import { countOf, inVain, waitedFor } from '../figures/unit-words.js';
import type { LoadFigures } from '../results/figures.js';
import { formatCount, formatMicros } from '../basis/format.js';

/** Before a figure that is only known to be at least so much. */
function atLeast(
  distribution: CensoredDistribution | null | undefined,
  figure: BoundFigure,
): '≥ ' | '' {
  return isLowerBound(distribution, figure) ? '≥ ' : '';
}

/** "1.8 ms", or "≥ 500 ms". */
export function boundedMicros(distribution: CensoredDistribution, figure: BoundFigure): string {
  return `${atLeast(distribution, figure)}${formatMicros(distribution[figure])}`;
}

/** "2 of 400 requests were not answered"; the others that were given up were never sent. */
export function unansweredText(
  { censored, count }: CensoredDistribution,
  load: Pick<LoadFigures, 'unit' | 'fanOut'>,
): string {
  const waited = waitedFor(load);
  return `${formatCount(censored)} of ${countOf(count, waited, formatCount(count))} ${inVain(censored, waited)}`;
}

/** What every report says of the mark. */
export const atLeastMeaning = 'took at least as long as they were waited for, perhaps longer';
