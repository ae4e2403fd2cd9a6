import { exactValue } from '../figures/reading.js';
import { figureNamed } from '../figures/table.js';
import type { TrialResult } from '../results/schema.js';
import { noiseLimit, varianceBehind } from '../stats/noise-limit.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import { comparedNames, floorFields, type ComparedName } from './compared.js';

/** As many as `c1m compare` has by itself. */
const trialsCompared = 3;

/** What neighbours among trials of one target differ by, the first with the second and so on. */
export function noiseShares(trials: readonly TrialResult[]): NoiseFloor['shares'] {
  return Object.fromEntries(
    comparedNames.map((name) => {
      const figure = figureNamed(name);
      const ratios = trials.flatMap((first, place) => {
        const second = trials[place + 1];
        if (place % 2 === 1 || second === undefined) return [];
        const [a, b] = [exactValue(figure, first), exactValue(figure, second)];
        return a === null || b === null ? [] : [a / b];
      });
      const limit = ratios.length < fewestPairs ? null : noiseLimit(ratios, trialsCompared);
      return [floorFields[name], limit];
    }),
  ) as NoiseFloor['shares'];
}

/** With fewer, the limit is far above the noise. */
export const fewestPairs = 3;

/** How much a target seems to differ from itself in one figure. */
export interface FigureFloor {
  /** Two means of three trials differ by so much at most, 95 times out of 100: 0.03 is 3 %. */
  readonly share: number;
  /** Of the logarithm of one trial's figure. */
  readonly trialVariance: number;
}

/**
 * null where it was not measured. What is stored is the share, and how many pairs were asked for: those
 * that were valid are these or fewer, so the variance is that which was seen, or larger.
 */
export function figureFloor({ pairs, shares }: NoiseFloor, name: ComparedName): FigureFloor | null {
  const share = shares[floorFields[name]];
  if (share === null) return null;
  return { share, trialVariance: varianceBehind(share, pairs, trialsCompared) };
}
