import { readFileSync, readlinkSync } from 'node:fs';
import { readStatus, resetRssPeak } from './procfs.js';

/** The kernel's id of the calling thread (proc(5), /proc/thread-self); null off Linux. */
export function currentThreadId(): number | null {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return null;
  }
}

/**
 * CPU time and run-queue delay of a thread so far, in milliseconds. The kernel counts in nanoseconds,
 * but a thread that is running lags by up to one scheduler tick (4 ms at 250 Hz).
 */
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

/** What threads of this process do from one look to the next; the first look is at its making. */
export class OwnThreads {
  readonly #threads: readonly (number | null)[];
  #times: readonly (ThreadTimes | null)[];

  /** @param threads by the kernel's ids */
  constructor(threads: readonly (number | null)[]) {
    this.#threads = threads;
    this.#times = threads.map(readThreadTimes);
  }

  /** Since the last look; null for a thread that cannot be read. Costs some 10 µs a thread. */
  look(): (ThreadTimes | null)[] {
    const before = this.#times;
    this.#times = this.#threads.map(readThreadTimes);
    return this.#times.map((now, index) => {
      const then = before[index] ?? null;
      if (now === null || then === null) return null;
      return {
        cpuMillis: now.cpuMillis - then.cpuMillis,
        runQueueMillis: now.runQueueMillis - then.runQueueMillis,
      };
    });
  }
}

/** Makes `readOwnRssPeak` start again from what is resident now. False where the kernel cannot. */
export function resetOwnRssPeak(): boolean {
  return resetRssPeak('self');
}

/**
 * The most that this process has held resident, in bytes: since the last reset, or since its start.
 * From VmHWM (proc(5)), which costs 15 µs; off Linux from getrusage(2).
 */
export function readOwnRssPeak(): number {
  return readStatus(process.pid)?.rssPeakBytes ?? process.resourceUsage().maxRSS * 1024;
}
