import { listThreads, readThreadSchedstat, readSmallFile } from '../../dist/measure/procfs.js';

const sampleMillis = 50;

/** The CPU time of a running process over time, by the scheduler's own account of its threads. */
export class CpuAccount {
  #samples = [];
  #threads = new Map();
  #timer;

  /** @param pid of the process whose child's child it is, once there is one */
  constructor(pid) {
    this.#timer = setInterval(() => {
      const client = childOf(childOf(pid));
      if (client !== null) this.#sample(client);
    }, sampleMillis);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Microseconds of CPU between two moments of the wall clock; NaN where they were not watched. */
  microsBetween(fromMs, toMs) {
    return this.#at(toMs) - this.#at(fromMs);
  }

  #sample(pid) {
    for (const thread of listThreads(pid) ?? []) {
      // What has ended keeps what it used.
      const used = readThreadSchedstat(pid, thread)?.runNs;
      if (used !== undefined) this.#threads.set(thread, used);
    }
    const nanos = [...this.#threads.values()].reduce((sum, used) => sum + used, 0);
    this.#samples.push({ atMs: Date.now(), micros: nanos / 1000 });
  }

  #at(ms) {
    const after = this.#samples.findIndex(({ atMs }) => atMs >= ms);
    if (after < 1) return NaN;
    const [one, other] = [this.#samples[after - 1], this.#samples[after]];
    const share = (ms - one.atMs) / (other.atMs - one.atMs);
    return one.micros + share * (other.micros - one.micros);
  }
}

function childOf(pid) {
  const children = pid === null ? null : readSmallFile(`/proc/${pid}/task/${pid}/children`);
  return children?.trim() ? Number.parseInt(children, 10) : null;
}
