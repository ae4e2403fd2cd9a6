import { listThreads, readSmallFile, readThreadSchedstat } from './procfs.js';

/**
 * The names (/proc/PID/task/TID/comm, 15 bytes) of threads that do nothing but compile: HotSpot's C1
 * and C2, Graal's, OpenJ9's, .NET's. V8's workers collect garbage as well, and Go compiles nothing
 * at run time: neither has threads that tell of compilation alone.
 */
const names = /^(?:C[12] CompilerThre|JVMCI(?:-native)? Co|JIT Compilation|\.NET Tiered Com)/;

/** How much CPU time the threads that compile at run time want, where a runtime names them. */
export class CompilerThreads {
  /** By thread: nanoseconds; null of one that does something else. */
  readonly #wanted = new Map<number, number | null>();

  /**
   * Nanoseconds for which such threads ran, or waited for a CPU, since each was started: under full
   * load they mostly wait, and are not done for that. null if none was ever seen.
   */
  read(pids: readonly number[]): number | null {
    for (const pid of pids) for (const tid of listThreads(pid) ?? []) this.#look(pid, tid);
    const known = [...this.#wanted.values()].filter((wanted) => wanted !== null);
    return known.length === 0 ? null : known.reduce((sum, wanted) => sum + wanted, 0);
  }

  #look(pid: number, tid: number): void {
    let before = this.#wanted.get(tid);
    if (before === undefined) {
      const comm = readSmallFile(`/proc/${pid}/task/${tid}/comm`);
      if (comm === null) return;
      before = names.test(comm) ? 0 : null;
    }
    const now = before === null ? null : readThreadSchedstat(pid, tid);
    this.#wanted.set(tid, now === null ? before : now.runNs + now.waitNs);
  }
}
