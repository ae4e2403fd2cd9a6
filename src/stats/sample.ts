import { meanInterval } from './mean-interval.js';

/** One metric over the trials of a target. */
interface Sample {
  /** Trials that have the metric. */
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What to show around the median. */
  readonly spread: Spread;
}

/** `range`: lowest to highest. `interval`: 95 %, of where the trials lie; see `meanInterval`. */
interface Spread {
  readonly kind: 'range' | 'interval';
  readonly low: number;
  readonly high: number;
}

/** With fewer, the interval is a dozen times as long as the two are apart. */
const trialsForInterval = 3;

/** Trials that lack the metric (null) are left out; null if all do. */
export function summarize(values: readonly (number | null)[]): Sample | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const [min, max] = [sorted[0]!, sorted.at(-1)!];
  const spread: Spread =
    sorted.length < trialsForInterval
      ? { kind: 'range', low: min, high: max }
      : { kind: 'interval', ...meanInterval(sorted) };
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
  return values.length === 0
    ? NaN
    : quantile(
        [...values].sort((a, b) => a - b),
        0.5,
      );
}
