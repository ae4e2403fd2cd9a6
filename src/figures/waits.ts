import { formatMicros } from '../basis/format.js';
import {
  isLowerBound,
  type BoundFigure,
  type CensoredDistribution,
  type Distribution,
} from '../results/distribution.js';
import type { Bound, Figure, Need, Source, View } from './figure.js';
import { isLagBound } from './validity.js';
import { latencyPhase } from './trial-phases.js';

/** What a distribution of durations is told by, with the words for it. */
export const statistics = {
  p50: 'p50',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  p999: 'p99.9',
  p9999: 'p99.99',
  mean: 'mean',
  max: 'maximum',
} as const satisfies Partial<Record<BoundFigure, string>>;
export type Statistic = keyof typeof statistics;

/** Histograms hold whole microseconds. */
const resolution = 1;

/** The figures of a distribution that has nothing to do with c1m's own lateness. */
export function distributionFigures(
  prefix: string,
  subject: string,
  needs: readonly Need[],
  source: Source,
  of: (view: View) => Distribution | null | undefined,
): Figure[] {
  return (Object.keys(statistics) as Statistic[]).map((statistic) => ({
    name: `${prefix}${statistic}`,
    title: statistics[statistic],
    label: `${statistics[statistic]} ${subject}`,
    unit: 'us',
    better: 'lower',
    resolution,
    needs,
    source,
    perRequest: false,
    value: (view) => of(view)?.[statistic],
    bound: () => 'exact',
    unanswered: () => 0,
    isSet: () => false,
    format: formatMicros,
  }));
}

/** Of waits, of which not all may have ended. */
export function waitFigures(
  prefix: string,
  subject: string,
  needs: readonly Need[],
  of: (view: View) => CensoredDistribution | null,
): Figure[] {
  return distributionFigures(prefix, subject, needs, 'timed', of).map((figure, place) => {
    const statistic = (Object.keys(statistics) as Statistic[])[place]!;
    const unanswered = (view: View): number => {
      const found = of(view);
      return isLowerBound(found, statistic) ? found!.censored : 0;
    };
    const bound = (view: View): Bound => (unanswered(view) > 0 ? 'at-least' : 'exact');
    return { ...figure, unanswered, bound };
  });
}

/** Of waits that begin when a request was due: c1m's own lateness is in them. */
export function latencyFigures(needs: readonly Need[]): Figure[] {
  const of = ({ figures }: View): CensoredDistribution | null => figures.latencyUs;
  return waitFigures('', 'latency', needs, of).map((wait) => {
    const figure = { ...wait, perRequest: true };
    const { name } = figure;
    if (name !== 'p99' && name !== 'p999') return figure;
    const bound = (view: View): Bound => {
      // What was never answered may have taken any time, however late c1m itself was.
      const least = figure.bound(view);
      return least === 'exact' && isLagBound(name, of(view), pacingLag(view)) ? 'at-most' : least;
    };
    return { ...figure, bound };
  });
}

/** Of the phase that the latency is from. */
function pacingLag({ phases }: View): Distribution | null {
  return latencyPhase({ phases })?.generator.pacingLagUs ?? null;
}
