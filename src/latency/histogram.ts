import { build, initWebAssemblySync, type Histogram as HdrHistogram } from 'hdr-histogram-js';
import type { Distribution } from '../results/distribution.js';
import { bucketNanos, type LogBuckets } from './log-buckets.js';
import { bucketValue, highestMicros, type CountsSnapshot } from './counts.js';

/**
 * An HDR histogram of microseconds, 1 µs to 1 h with 3 significant digits, put together from what
 * the workers counted. Its memory lies outside the JavaScript heap: `dispose` gives it back.
 */
export class Histogram {
  readonly #hdr: HdrHistogram;
  #min = Infinity;
  #max = 0;

  constructor() {
    initWebAssemblySync();
    this.#hdr = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: highestMicros,
      numberOfSignificantValueDigits: 3,
      bitBucketSize: 64,
      autoResize: false,
      useWebAssembly: true,
    });
  }

  add(snapshot: CountsSnapshot): void {
    snapshot.indexes.forEach((bucket, i) => {
      // The middle of the highest bucket may lie above the highest value.
      const value = Math.min(bucketValue(bucket), highestMicros);
      this.#hdr.recordValueWithCount(value, snapshot.counts[i]!);
    });
    this.#min = Math.min(this.#min, snapshot.min);
    this.#max = Math.max(this.#max, snapshot.max);
  }

  /** Counts nanoseconds; to be used alone. What is longer than 3.6 s counts as that. */
  addNanos({ counts, min, max }: LogBuckets): void {
    for (const [bucket, count] of counts) {
      const value = Math.min(Math.round(bucketNanos(bucket)), highestMicros);
      if (count > 0) this.#hdr.recordValueWithCount(value, count);
    }
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  /** Counts what has no end as the highest value there is. */
  addEndless(count: number): void {
    this.#hdr.recordValueWithCount(highestMicros, count);
    this.#min = Math.min(this.#min, highestMicros);
    this.#max = highestMicros;
  }

  /** Exact; without meaning of nothing. */
  get min(): number {
    return this.#min;
  }

  /** The underlying histogram, for encoders that other HDR tools read. */
  get hdr(): HdrHistogram {
    return this.#hdr;
  }

  /** null if nothing was recorded. */
  distribution(): Distribution | null {
    const hdr = this.#hdr;
    if (hdr.totalCount === 0) return null;
    // HDR answers with the upper end of a bucket, which may lie above what was recorded.
    const at = (percentile: number): number =>
      Math.min(Math.max(hdr.getValueAtPercentile(percentile), this.#min), this.#max);
    return {
      count: hdr.totalCount,
      min: this.#min,
      mean: hdr.mean,
      stdev: hdr.stdDeviation,
      p50: at(50),
      p75: at(75),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      p9999: at(99.99),
      max: this.#max,
    };
  }

  clear(): void {
    this.#hdr.reset();
    this.#min = Infinity;
    this.#max = 0;
  }

  dispose(): void {
    this.#hdr.destroy();
  }
}
