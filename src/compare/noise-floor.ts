import { exactValue } from '../figures/reading.js';
import { figureNamed } from '../figures/table.js';
import type { TrialResult } from '../results/schema.js';
import { noiseLimit } from '../stats/noise-limit.js';
import type { NoiseFloor } from '../results/noise-floor.js';
import { comparedNames, floorFields } from './compared.js';

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
