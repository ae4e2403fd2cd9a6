import {
  percentileNames,
  percentileShares,
  type BoundFigure,
  type CensoredDistribution,
  type Distribution,
} from '../results/distribution.js';
import { highestMicros, type CountsSnapshot } from './counts.js';
import { Histogram } from './histogram.js';

/** null of nothing. */
export function plainDistribution(snapshots: readonly CountsSnapshot[]): Distribution | null {
  const histogram = new Histogram();
  try {
    for (const snapshot of snapshots) histogram.add(snapshot);
    return histogram.distribution();
  } finally {
    histogram.dispose();
  }
}

/**
 * The distribution of waits, of which `censored` did not end. Each is taken to have lasted as long as
 * it was waited for, and once more to have lasted for ever: a figure that is the same both times is
 * exact, any other a lower bound. All of them rise with each value, so the truth lies between the
 * two. null of nothing.
 */
export function censoredDistribution(
  ended: readonly CountsSnapshot[],
  censored: readonly CountsSnapshot[],
): CensoredDistribution | null {
  const waited = new Histogram();
  try {
    for (const snapshot of [...ended, ...censored]) waited.add(snapshot);
    const distribution = waited.distribution();
    if (distribution === null) return null;
    const total = censored.reduce((sum, snapshot) => sum + snapshot.total, 0);
    const lowerBounds = total === 0 ? [] : risingFigures(waited, ended, total);
    return { ...distribution, censored: total, lowerBounds };
  } finally {
    waited.dispose();
  }
}

/** Those that would be higher had the rest not ended at all. */
function risingFigures(
  waited: Histogram,
  ended: readonly CountsSnapshot[],
  censored: number,
): BoundFigure[] {
  const forever = new Histogram();
  try {
    for (const snapshot of ended) forever.add(snapshot);
    forever.addEndless(censored);
    const rises = (name: (typeof percentileNames)[number]): boolean => {
      const percentile = percentileShares[name] * 100;
      const least = waited.hdr.getValueAtPercentile(percentile);
      return forever.hdr.getValueAtPercentile(percentile) > least || least >= highestMicros;
    };
    const risen = percentileNames.filter(rises);
    const first = forever.min > waited.min ? (['min'] as const) : [];
    return [...first, 'mean', ...risen, 'max'];
  } finally {
    forever.dispose();
  }
}
