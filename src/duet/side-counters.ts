import { nowMicros } from '../basis/clock.js';
import type { ServerReader, ServerUse } from '../experiment/observation.js';
import { ProcessTree } from '../measure/process-tree.js';
import { assertExists, exists } from '../measure/readability.js';
import { ThreadCounters } from '../measure/thread-counters.js';
import type { RunningServer } from '../subject/running-server.js';
import type { Side } from './slice-order.js';

/** What the threads of one side did. */
interface SideCounts {
  readonly ranNs: number;
  readonly waitedNs: number;
  readonly switches: number;
}

/**
 * Reads the threads of one side's processes, often: 5 µs for each that has not run since, and in
 * nanoseconds, where `ServerSampler` takes longer and counts in clock ticks.
 */
export class SideCounters implements ServerReader<ServerUse> {
  /** How many CPUs the side may use. */
  readonly cpuCount: number;
  readonly #roots: readonly number[];
  readonly #tree: ProcessTree;
  readonly #threads = new ThreadCounters();
  #before: SideCounts = { ranNs: 0, waitedNs: 0, switches: 0 };
  #startedAtMicros = 0;

  constructor({ pids, cpuCount }: Pick<RunningServer, 'pids' | 'cpuCount'>) {
    this.cpuCount = cpuCount;
    this.#roots = pids;
    this.#tree = new ProcessTree(pids);
    this.#tree.discover();
  }

  start(): void {
    for (const pid of this.#roots) assertExists(pid);
    this.#before = this.#read();
    this.#startedAtMicros = nowMicros();
  }

  finish(): ServerUse {
    const seconds = (nowMicros() - this.#startedAtMicros) / 1e6;
    const { ranNs } = this.sinceStart();
    const endedRoots = this.#roots.filter((pid) => !exists(pid));
    return { seconds, cpuSeconds: ranNs / 1e9, endedRoots };
  }

  /** Until now, so that it holds what was done for requests that were answered after the clock. */
  sinceStart(): SideCounts {
    const now = this.#read();
    return {
      ranNs: now.ranNs - this.#before.ranNs,
      waitedNs: now.waitedNs - this.#before.waitedNs,
      switches: now.switches - this.#before.switches,
    };
  }

  #read(): SideCounts {
    for (const { pid } of this.#tree.members) this.#threads.sweep(pid, true);
    const { ranNs, delayNs, voluntary, involuntary } = this.#threads;
    return { ranNs, waitedNs: delayNs, switches: voluntary + involuntary };
  }

  get pids(): number[] {
    this.#tree.discover();
    return [...this.#tree.members].map(({ pid }) => pid);
  }
}

/** null where a side's processes are not known. */
export type Counters = Readonly<Record<Side, SideCounters | null>>;
