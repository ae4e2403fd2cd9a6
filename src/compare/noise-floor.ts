import type { TrialResult } from '../results/schema.js';
import { noiseLimit } from '../stats/noise-limit.js';
import { exactValue, metricNames } from './metric.js';
import type { NoiseFloor } from '../results/noise-floor.js';

/** As many as `c1m compare` has by itself. */
const trialsCompared = 3;

/** What neighbours among trials of one target differ by, the first with the second and so on. */
export function noiseShares(trials: readonly TrialResult[]): NoiseFloor['shares'] {
  return Object.fromEntries(
    metricNames.map((name) => {
      const ratios = trials.flatMap((first, place) => {
        const second = trials[place + 1];
        if (place % 2 === 1 || second === undefined) return [];
        const [a, b] = [exactValue(name, first), exactValue(name, second)];
        return a === null || b === null ? [] : [a / b];
      });
      return [name, ratios.length < fewestPairs ? null : noiseLimit(ratios, trialsCompared)];
    }),
  ) as NoiseFloor['shares'];
}

/** With fewer, the limit is far above the noise. */
export const fewestPairs = 3;
