import { percentileShares, type Distribution } from '../results/distribution.js';

/**
 * Nanoseconds counted in buckets no wider than 1/32 of their value, in the layout that the trace
 * script can compute without a loop: a value is shifted right until it is below 64, and the bucket
 * is 64 × shift + what is left. Below 64 ns the buckets are exact.
 */
export interface LogBuckets {
  /** Bucket → how many values. */
  readonly counts: ReadonlyMap<number, number>;
  /** Exact, in nanoseconds. */
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export const subBuckets = 64;

/** @param nanos a whole number, not negative */
export function bucketOf(nanos: number): number {
  const shift = nanos < subBuckets ? 0 : Math.floor(Math.log2(nanos)) - 5;
  return shift * subBuckets + Math.floor(nanos / 2 ** shift);
}

/** The middle of a bucket, in nanoseconds: the value that stands for all that it counts. */
export function bucketNanos(bucket: number): number {
  const shift = Math.floor(bucket / subBuckets);
  const low = (bucket % subBuckets) * 2 ** shift;
  return low + (2 ** shift - 1) / 2;
}

/** In microseconds. Mean, lowest and highest are exact; percentiles are within 1.6 %. */
export function distributionOf({ counts, sum, min, max }: LogBuckets): Distribution | null {
  const buckets = [...counts].filter(([, n]) => n > 0).sort(([a], [b]) => a - b);
  const count = buckets.reduce((total, [, n]) => total + n, 0);
  if (count === 0) return null;
  const mean = sum / count;
  const squares = buckets.reduce((total, [b, n]) => total + n * (bucketNanos(b) - mean) ** 2, 0);
  const at = (share: number): number => {
    let left = Math.max(1, Math.ceil(share * count));
    for (const [bucket, n] of buckets) {
      left -= n;
      if (left <= 0) return Math.min(Math.max(bucketNanos(bucket), min), max) / 1000;
    }
    return max / 1000;
  };
  return {
    count,
    min: min / 1000,
    mean: mean / 1000,
    stdev: Math.sqrt(squares / count) / 1000,
    p50: at(percentileShares.p50),
    p75: at(percentileShares.p75),
    p90: at(percentileShares.p90),
    p95: at(percentileShares.p95),
    p99: at(percentileShares.p99),
    p999: at(percentileShares.p999),
    p9999: at(percentileShares.p9999),
    max: max / 1000,
  };
}
