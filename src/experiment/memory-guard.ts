import type { Load } from '../load/load.js';
import type { PhaseOutcome } from '../load/outcome.js';
import type { MemoryLimit } from '../basis/memory-limit.js';
import type { Phase } from '../load/plan.js';
import { gibibytes } from '../measure/cgroup.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import type { Warning } from '../results/figures.js';

const everyMillis = 100;

/** Keeps a load from taking more of the host's memory than it may: before it swaps, or kills. */
export class MemoryGuard {
  readonly #watch: MemoryWatch;
  readonly #timer: NodeJS.Timeout;
  #reached = Infinity;
  isFull = false;
  isCritical = false;

  constructor(limit: MemoryLimit, load: Load) {
    this.#watch = new MemoryWatch(limit);
    this.#timer = setInterval(() => this.#look(load), everyMillis);
  }

  /** Whether a phase needs no more connections than there were when memory was full. */
  fits({ connections }: Phase): boolean {
    return Math.max(connections.from, connections.to) <= this.#reached;
  }

  /** What is to be said of a phase that had fewer connections, or ended, because of the limit. */
  note(phase: Phase, { established }: PhaseOutcome): Warning[] {
    if (!this.isFull) return [];
    if (!this.isCritical && established >= phase.connections.to) return [];
    this.#reached = Math.min(this.#reached, established);
    const amount = gibibytes(this.#watch.allowedBytes);
    return [
      {
        code: 'memory-limit',
        message: this.isCritical
          ? `Ended at ${established} connections: memory in use went on growing beyond the limit of ${amount}`
          : `Stopped opening at ${established} connections: the limit of ${amount} of memory was reached`,
        remedy: 'Free memory, use a machine with more, or raise --memory-limit',
      },
    ];
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(load: Load): void {
    const state = this.#watch.look();
    if (state === 'fine') return;
    if (!this.isFull) {
      this.isFull = true;
      load.settle();
    }
    if (state === 'critical' && !this.isCritical) {
      this.isCritical = true;
      load.stop();
    }
  }
}
