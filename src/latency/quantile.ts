import { bucketValue, type CountsSnapshot } from './counts.js';

/**
 * A quantile in microseconds, interpolated within its bucket: values are counted as whole
 * microseconds, and a change of a few percent of 50 µs is not more than one or two of these.
 * NaN of nothing.
 */
export function quantileMicros(snapshots: readonly CountsSnapshot[], share: number): number {
  const counts = new Map<number, number>();
  for (const snapshot of snapshots) {
    snapshot.indexes.forEach((bucket, i) => {
      counts.set(bucket, (counts.get(bucket) ?? 0) + snapshot.counts[i]!);
    });
  }
  const buckets = [...counts].sort(([a], [b]) => a - b);
  let below = buckets.reduce((sum, [, count]) => sum + count, 0) * share;
  for (const [bucket, count] of buckets) {
    if (below <= count) {
      const [low, high] = [edge(bucket - 1, bucket), edge(bucket, bucket + 1)];
      return low + (high - low) * (below / count);
    }
    below -= count;
  }
  return NaN;
}

/** Halfway between the middles of two buckets that are neighbours. */
function edge(lower: number, upper: number): number {
  return lower < 0 ? 0 : (bucketValue(lower) + bucketValue(upper)) / 2;
}
