import { holm } from '../stats/holm.js';
import { reciprocal, type Ratio } from '../stats/welch.js';
import type { Bar } from './bar.js';
import type { Contestant, Pair } from './contestant.js';
import type { TestedPair } from './tested-pair.js';
import { testTrials } from './trial-test.js';
import { testTurns } from './turn-test.js';

/** A proven one. */
export interface Difference {
  readonly better: Contestant;
  readonly worse: Contestant;
  /** How many times the figure of the better is that of the worse. */
  readonly ratio: Ratio;
}

/**
 * Which of some pairs are proven to differ: where the test of their trials says so, or that of their
 * turns, corrected by Holm for the number of pairs, and the difference is above the noise floor and
 * the resolution.
 */
export function provenDifferences(pairs: readonly Pair[], bar: Bar): Difference[] {
  const tested = bar.byTurns ? testTurns(pairs) : testTrials(pairs, bar);
  const rejected = holm(tested, ({ bearsDivisor }, divisor) => divisor <= bearsDivisor);
  return [...rejected.keys()].filter((each) => isLarge(each, bar)).map((each) => told(each, bar));
}

function isLarge({ ratio, difference }: TestedPair, bar: Bar): boolean {
  if (Math.abs(Math.log(ratio.ratio)) <= Math.log1p(bar.noiseFloor?.share ?? 0)) return false;
  return Math.abs(difference) > bar.resolution;
}

function told({ pair: [a, b], ratio }: TestedPair, { better }: Bar): Difference {
  if (ratio.ratio > 1 === (better === 'higher')) return { better: a, worse: b, ratio };
  return { better: b, worse: a, ratio: reciprocal(ratio) };
}
