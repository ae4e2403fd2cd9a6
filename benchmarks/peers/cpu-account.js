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
    // What has ended keeps what it used.
    for (const [thread, used] of threadsOf(pid)) this.#threads.set(thread, used);
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

/** Seconds of CPU that a process and its children have used, as far as their threads live. */
export function cpuSecondsOf(pid) {
  const nanos = [pid, ...childrenOf(pid)].flatMap(threadsOf).map(([, used]) => used);
  return nanos.reduce((sum, used) => sum + used, 0) / 1e9;
}

/** Of each thread of a process: its id, and the nanoseconds that it ran. */
function threadsOf(pid) {
  return (listThreads(pid) ?? []).flatMap((thread) => {
    const used = readThreadSchedstat(pid, thread)?.runNs;
    return used === undefined ? [] : [[thread, used]];
  });
}

function childOf(pid) {
  return pid === null ? null : (childrenOf(pid)[0] ?? null);
}

function childrenOf(pid) {
  const children = readSmallFile(`/proc/${pid}/task/${pid}/children`)?.trim();
  return children ? children.split(' ').map(Number) : [];
}
