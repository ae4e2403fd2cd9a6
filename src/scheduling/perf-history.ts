import { bucketOf, type LogBuckets } from '../latency/log-buckets.js';

/** One stretch of a thread on a CPU, as a line of `perf sched timehist --state` tells it. */
interface Line {
  readonly tid: number;
  readonly pid: number;
  /** Nanoseconds from when it left the CPU before, until it was woken, or until it was on one again. */
  readonly away: number;
  /** Nanoseconds from when it was woken until it was on a CPU. */
  readonly woken: number;
  /** Nanoseconds on the CPU. */
  readonly ran: number;
  /** It would have gone on, and was put off. */
  readonly preempted: boolean;
}

/** time [cpu] name[tid/pid] wait-time sch-delay run-time state; a process's first thread says [pid]. */
const pattern =
  /^\s*\d+\.\d+\s+\[\d+\]\s.*\[(\d+)(?:\/(\d+))?\]\s+(\d+)\.(\d{3})\s+(\d+)\.(\d{3})\s+(\d+)\.(\d{3})\s+(\S+)\s*$/;

/** R, or R+ in newer versions; those before 6.8 do not know the bit of recent kernels. */
const runnable = new Set(['R', 'R+', '?']);

function readLine(text: string): Line | null {
  const found = pattern.exec(text);
  if (found === null) return null;
  // What is absent is not a number.
  const [tid = NaN, pid = NaN, ...times] = found.slice(1, 9).map(Number);
  const nanos = (at: number): number => (times[at]! * 1000 + times[at + 1]!) * 1000;
  return {
    tid,
    pid: Number.isNaN(pid) ? tid : pid,
    away: nanos(0),
    woken: nanos(2),
    ran: nanos(4),
    preempted: runnable.has(found[9]!),
  };
}

/** What a server's threads did, out of a history of all threads of the machine. */
export class ServerHistory {
  readonly waited = new BucketCounter();
  readonly ran = new BucketCounter();
  readonly off = new BucketCounter();
  readonly #isServer: (pid: number) => boolean;
  /** Threads whose last stretch ended against their will. */
  readonly #preempted = new Set<number>();

  constructor(isServer: (pid: number) => boolean) {
    this.#isServer = isServer;
  }

  /** Headings, and threads of others, are passed over. */
  add(text: string): void {
    const line = readLine(text);
    if (line === null || !this.#isServer(line.pid)) return;
    const { tid, away, woken, ran, preempted } = line;
    this.ran.add(ran);
    // One that was on a CPU already when the recording began has no past.
    if (away + woken > 0) this.off.add(away + woken);
    const waited = woken + (this.#preempted.has(tid) ? away : 0);
    if (waited > 0) this.waited.add(waited);
    if (preempted) this.#preempted.add(tid);
    else this.#preempted.delete(tid);
  }
}

/** Counts nanoseconds as they come. */
class BucketCounter {
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
