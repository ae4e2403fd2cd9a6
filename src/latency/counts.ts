/**
 * Latencies counted in the bucket layout of HdrHistogram (lowest value 1 µs, 3 significant digits,
 * highest 1 h; Gil Tene, hdrhistogram.org): values below 2048 µs are exact, those above lie in
 * buckets no wider than 0.1 % of their value. Recording is one index computation and one increment,
 * about a tenth of the cost of a call into a WebAssembly histogram, and allocates nothing; the
 * histogram itself is built from the counts, away from the hot path (see histogram.ts).
 */

const subBucketBits = 11;
const halfSubBuckets = 1 << (subBucketBits - 1);

export const highestMicros = 3_600_000_000;
const bucketCount = indexOf(highestMicros) + 1;

/** The bucket of a whole number of microseconds, 0 ≤ value ≤ highestMicros. */
function indexOf(value: number): number {
  if (value < 1 << subBucketBits) return value;
  const shift = 32 - subBucketBits - Math.clz32(value);
  return shift * halfSubBuckets + (value >>> shift);
}

/** The middle of a bucket, in microseconds: the value that stands for all that it counts. */
export function bucketValue(index: number): number {
  if (index < 1 << subBucketBits) return index;
  const shift = Math.floor(index / halfSubBuckets) - 1;
  return (index - shift * halfSubBuckets) * 2 ** shift + 2 ** (shift - 1);
}

/**
 * Rounds to the nearest whole microsecond; below 0 counts as 0, above 1 h as 1 h. Apart from
 * `record`, and small, so that V8 puts it in place: a fraction that is passed to a function is an
 * object, a whole number is not.
 */
export function wholeMicros(micros: number): number {
  return micros > 0 ? (Math.min(micros, highestMicros) + 0.5) >>> 0 : 0;
}

/**
 * The same from `from[fromAt]` to `to[toAt]`. Where V8 does not put functions in place, since much is
 * there already, only what is no fraction may be passed.
 */
export function wholeMicrosBetween(
  from: Float64Array,
  fromAt: number,
  to: Float64Array,
  toAt: number,
): number {
  const micros = to[toAt]! - from[fromAt]!;
  return micros > 0 ? (Math.min(micros, highestMicros) + 0.5) >>> 0 : 0;
}

export class Counts {
  readonly buckets = new Uint32Array(bucketCount);
  total = 0;
  /** Exact, in whole microseconds; without meaning while `total` is 0. */
  min = Infinity;
  max = 0;

  /** @param value whole microseconds, from `wholeMicros` */
  record(value: number): void {
    const index = indexOf(value);
    this.buckets[index] = this.buckets[index]! + 1;
    this.total++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Hands out what was counted since the last call, or null if that is nothing. */
  take(): CountsSnapshot | null {
    if (this.total === 0) return null;
    const first = indexOf(this.min);
    const touched = this.buckets.subarray(first, indexOf(this.max) + 1);
    const used = touched.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    const indexes = new Uint16Array(used);
    const counts = new Uint32Array(used);
    let next = 0;
    for (let index = first; next < used; index++) {
      const count = this.buckets[index]!;
      if (count === 0) continue;
      indexes[next] = index;
      counts[next++] = count;
    }
    const { total, min, max } = this;
    this.clear();
    return { indexes, counts, total, min, max };
  }

  clear(): void {
    if (this.total === 0) return;
    // No others were touched: most of many histograms' memory is then never asked for.
    this.buckets.fill(0, indexOf(this.min), indexOf(this.max) + 1);
    this.total = 0;
    this.min = Infinity;
    this.max = 0;
  }
}

/** One value, of whole microseconds, `times` times. */
export function sameCounts(value: number, times: number): CountsSnapshot {
  const indexes = Uint16Array.of(indexOf(value));
  return { indexes, counts: Uint32Array.of(times), total: times, min: value, max: value };
}

/** The buckets in use, as plain arrays that cross between threads. */
export interface CountsSnapshot {
  readonly indexes: Uint16Array;
  readonly counts: Uint32Array;
  readonly total: number;
  readonly min: number;
  readonly max: number;
}
