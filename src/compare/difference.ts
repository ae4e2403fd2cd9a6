import { holm } from '../stats/holm.js';
import { median } from '../stats/sample.js';
import { meanRatio, type MeanRatio } from '../stats/welch.js';

/** A target with one figure of each of its trials, at least one; a trial is a process of its own. */
export interface Contestant {
  readonly label: string;
  readonly values: readonly number[];
}

/** What a difference must be to count, beside significant. */
export interface Bar {
  readonly better: 'higher' | 'lower';
  /** In the figure's unit: more than that. */
  readonly resolution: number;
  /** More than the share by which a target differs from itself; null where that is not known. */
  readonly noiseFloor: number | null;
}

/** A proven one: how many times the figure of the better is that of the worse. */
interface Difference {
  readonly better: Contestant;
  readonly worse: Contestant;
}

/** The probability at which one or more of the pairs are said to differ that do not. */
const level = 0.05;

/**
 * Which of some pairs are proven to differ: where Welch's test says so, corrected by Holm for the
 * number of pairs, and the difference is above the noise floor and the resolution.
 */
export function provenDifferences(
  pairs: readonly (readonly [Contestant, Contestant])[],
  bar: Bar,
): Difference[] {
  const tested = pairs.flatMap(([a, b]): Tested[] => {
    const ratio = meanRatio(a.values, b.values);
    return ratio === null ? [] : [{ a, b, ratio }];
  });
  const rejected = holm(tested, ({ ratio }, divisor) => ratio.probability <= level / divisor);
  return [...rejected.keys()]
    .filter((pair) => isLarge(pair, bar))
    .map(({ a, b, ratio }) =>
      ratio.ratio > 1 === (bar.better === 'higher')
        ? { better: a, worse: b }
        : { better: b, worse: a },
    );
}

interface Tested {
  readonly a: Contestant;
  readonly b: Contestant;
  readonly ratio: MeanRatio;
}

function isLarge({ a, b, ratio }: Tested, { resolution, noiseFloor }: Bar): boolean {
  if (Math.abs(Math.log(ratio.ratio)) <= Math.log1p(noiseFloor ?? 0)) return false;
  return Math.abs(median(a.values) - median(b.values)) > resolution;
}
