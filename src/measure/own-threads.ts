import { readFileSync, readlinkSync } from 'node:fs';

/** The kernel's id of the calling thread (proc(5), /proc/thread-self); null off Linux. */
export function currentThreadId(): number | null {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return null;
  }
}

/** CPU time and run-queue delay of a thread so far, in milliseconds, exact to the nanosecond. */
export interface ThreadTimes {
  readonly cpuMillis: number;
  readonly runQueueMillis: number;
}

/** Of a thread of this process (kernel: Documentation/scheduler/sched-stats.rst); null off Linux. */
export function readThreadTimes(thread: number | null): ThreadTimes | null {
  if (thread === null) return null;
  try {
    const [cpu, wait] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
    return { cpuMillis: Number(cpu) / 1e6, runQueueMillis: Number(wait) / 1e6 };
  } catch {
    return null;
  }
}
