import type { ProcessTree } from './process-tree.js';
import { readStatus, resetRssPeak } from './procfs.js';

/**
 * Resident memory and threads of a process tree. Pages that several processes share count in each.
 */
export class ResidentMemory {
  /** VmHWM of each process when last read. */
  readonly #peaks = new Map<number, number>();
  rssPeak = 0;
  rssNow = 0;
  threadsPeak = 0;
  /** The most processes at once that hold memory, so without those that have ended. */
  processesPeak = 0;

  /** Starts a window. With `resetPeaks`, the kernel's own high-water marks start again as well. */
  reset(tree: ProcessTree, resetPeaks: boolean): void {
    this.#peaks.clear();
    for (const { pid } of tree.members) {
      if (resetPeaks) resetRssPeak(pid);
      // A mark set before the window must not count in it.
      this.#peaks.set(pid, readStatus(pid)?.rssPeakBytes ?? 0);
    }
    this.rssPeak = 0;
    this.threadsPeak = 0;
    this.processesPeak = 0;
  }

  /**
   * Reads every member once (12 µs each). A process whose high-water mark rose since the last time
   * enters with that mark, which is exact; the peaks of several count as simultaneous if they fall
   * between the same two samples.
   */
  sample(tree: ProcessTree): void {
    let rss = 0;
    let peak = 0;
    let threads = 0;
    let processes = 0;
    for (const { pid } of tree.members) {
      const status = readStatus(pid);
      // One that has ended, and only waits to be waited for, holds no memory.
      if (status === null || status.rssBytes === null) continue;
      const mark = status.rssPeakBytes ?? 0;
      const rose = mark > (this.#peaks.get(pid) ?? 0);
      this.#peaks.set(pid, mark);
      rss += status.rssBytes;
      peak += rose ? mark : status.rssBytes;
      threads += status.threads;
      processes++;
    }
    this.rssNow = rss;
    this.rssPeak = Math.max(this.rssPeak, peak);
    this.threadsPeak = Math.max(this.threadsPeak, threads);
    this.processesPeak = Math.max(this.processesPeak, processes);
  }

  forget(pid: number): void {
    this.#peaks.delete(pid);
  }
}
