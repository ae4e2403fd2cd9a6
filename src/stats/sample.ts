/** One metric over the trials of a target. */
interface Sample {
  /** Trials that have the metric. */
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What to show as the spread around the median. */
  readonly spread: Spread;
}

/** `range`: lowest to highest. `quartiles`: the middle half, once there are trials enough for one. */
interface Spread {
  readonly kind: 'range' | 'quartiles';
  readonly low: number;
  readonly high: number;
}

/** With fewer, a quartile would be interpolated from the extremes. */
const trialsForQuartiles = 5;

/** Trials that lack the metric (null) are left out; null if all do. */
export function summarize(values: readonly (number | null)[]): Sample | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const min = sorted[0]!;
  const max = sorted.at(-1)!;
  const spread: Spread =
    sorted.length < trialsForQuartiles
      ? { kind: 'range', low: min, high: max }
      : { kind: 'quartiles', low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
  return { count: sorted.length, median: quantile(sorted, 0.5), min, max, spread };
}

/** Of ascending values: interpolated linearly between the two nearest (type 7 of Hyndman and Fan, as R and NumPy do). */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  return summarize(values)?.median ?? NaN;
}
