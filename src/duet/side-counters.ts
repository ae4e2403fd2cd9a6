import { ProcessTree } from '../measure/process-tree.js';
import { ThreadCounters } from '../measure/thread-counters.js';

/** What the threads of one side did so far. */
interface SideCounts {
  readonly ranNs: number;
  readonly waitedNs: number;
  readonly switches: number;
}

/** Reads the threads of one side's processes, often: 5 µs for each that has not run since. */
export class SideCounters {
  readonly #tree: ProcessTree;
  readonly #threads = new ThreadCounters();

  constructor(pids: readonly number[]) {
    this.#tree = new ProcessTree(pids);
    this.#tree.discover();
  }

  read(): SideCounts {
    for (const { pid } of this.#tree.members) this.#threads.sweep(pid, true);
    const { ranNs, delayNs, voluntary, involuntary } = this.#threads;
    return { ranNs, waitedNs: delayNs, switches: voluntary + involuntary };
  }

  get pids(): number[] {
    this.#tree.discover();
    return [...this.#tree.members].map(({ pid }) => pid);
  }
}
