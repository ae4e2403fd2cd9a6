import { provenDifferences } from '../../dist/compare/difference.js';
import { holm } from '../../dist/stats/holm.js';
import { logSample } from '../../dist/stats/log-sample.js';
import { median } from '../../dist/stats/sample.js';
import { welchProbability } from '../../dist/stats/welch.js';

/**
 * A rule says of the targets of a column, and of the step that the figure is measured in, which pairs
 * differ. These are compared.
 */

/** What c1m does. */
export function borrowing(targets, resolution) {
  return provenDifferences(pairsOf(targets), { better: 'higher', resolution, noiseFloor: null });
}

/** What c1m did: each target's variance is its own alone. */
export function ownVariance(targets, resolution) {
  return withVariances(targets, resolution, (sample) => sample);
}

/** The simplest that borrows: two degrees of freedom, whatever is asked. */
export function twoDegrees(targets, resolution) {
  return withVariances(targets, resolution, (sample, mean) => {
    const own = sample.degreesOfFreedom;
    const shrunk = (2 * mean + own * sample.variance) / (2 + own);
    const variance = Math.max(sample.variance, shrunk);
    return { ...sample, variance, degreesOfFreedom: 2 + own };
  });
}

function withVariances(targets, resolution, change) {
  const own = new Map(targets.map((target) => [target, logSample(target.values)]));
  const mean = [...own.values()].reduce((sum, { variance }) => sum + variance, 0) / own.size;
  const changed = new Map([...own].map(([target, sample]) => [target, change(sample, mean)]));
  const tested = pairsOf(targets).map(([a, b]) => {
    const difference = median(a.values) - median(b.values);
    const probability = welchProbability(changed.get(a), changed.get(b));
    return {
      difference,
      probability,
      better: difference > 0 ? a : b,
      worse: difference > 0 ? b : a,
    };
  });
  const rejected = holm(tested, ({ probability }, divisor) => probability <= 0.05 / divisor);
  return [...rejected.keys()].filter(({ difference }) => Math.abs(difference) > resolution);
}

function pairsOf(targets) {
  return targets.flatMap((a, place) => targets.slice(place + 1).map((b) => [a, b]));
}
