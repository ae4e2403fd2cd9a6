import { bucketOf, type LogBuckets } from '../measure/log-buckets.js';

/** One stretch of a thread on a CPU, as a line of `perf sched timehist` tells it, in nanoseconds. */
interface Stretch {
  readonly pid: number;
  /** Asleep before it. */
  readonly asleep: number;
  /** Awake, but not on a CPU, before it. */
  readonly waited: number;
  readonly ran: number;
}

/** time [cpu] name[tid/pid] wait-time sch-delay run-time; a process's first thread says [pid]. */
const line =
  /^\s*\d+\.\d+\s+\[\d+\]\s.*\[(\d+)(?:\/(\d+))?\]\s+(\d+)\.(\d{3})\s+(\d+)\.(\d{3})\s+(\d+)\.(\d{3})/;

/** null if the line is a heading. */
export function readStretch(text: string): Stretch | null {
  const found = line.exec(text);
  if (found === null) return null;
  // What is absent is not a number.
  const [tid = NaN, pid = NaN, ...times] = found.slice(1).map(Number);
  const nanos = (at: number): number => (times[at]! * 1000 + times[at + 1]!) * 1000;
  return {
    pid: Number.isNaN(pid) ? tid : pid,
    asleep: nanos(0),
    waited: nanos(2),
    ran: nanos(4),
  };
}

/** Counts nanoseconds as they come. */
export class BucketCounter {
  readonly #counts = new Map<number, number>();
  #sum = 0;
  #min = Infinity;
  #max = 0;

  add(nanos: number): void {
    const bucket = bucketOf(nanos);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#sum += nanos;
    this.#min = Math.min(this.#min, nanos);
    this.#max = Math.max(this.#max, nanos);
  }

  get buckets(): LogBuckets {
    return { counts: this.#counts, sum: this.#sum, min: this.#min, max: this.#max };
  }
}
