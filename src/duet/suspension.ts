import { atExit } from '../process/last-acts.js';
import type { RunningServer } from '../subject/running-server.js';
import type { Counters } from './side-counters.js';
import { otherSide, sides, type Side } from './slice-order.js';

/**
 * No side is stopped for longer at a stretch, so that what watches over a server's processes from
 * within (gunicorn ends workers that were silent for 30 s) or over its connections does not wake.
 */
const longestStopMs = 1_000;
/** More looks than a server can fork in that is being stopped. */
const mostLooks = 20;

/**
 * Keeps the side that is not loaded from running: its compilers, collectors and timers would take
 * CPU time from the other's slice. SIGSTOP goes to each of its processes by itself, and not to their
 * group, in which c1m's watcher is (src/process/guard-script.ts): whatever ends c1m, the watcher has
 * to see it. The kernel goes on to hold and to open its connections. Only what c1m itself started is
 * ever stopped.
 */
export class Suspension {
  readonly #counters: Counters;
  readonly #mayStop: Readonly<Record<Side, boolean>>;
  readonly #stopped: Record<Side, readonly number[]> = { base: [], head: [] };
  readonly #callOff: () => void;
  #patience: NodeJS.Timeout | undefined;

  constructor(servers: Readonly<Record<Side, RunningServer>>, counters: Counters) {
    this.#counters = counters;
    this.#mayStop = { base: servers.base.owned, head: servers.head.owned };
    this.#callOff = atExit(() => this.resumeBoth());
  }

  /** From now on, until the other one's turn or for a second, this side has the CPUs for itself. */
  stopBeside(side: Side): void {
    const other = otherSide(side);
    const counters = this.#counters[other];
    if (counters === null || !this.#mayStop[other]) return;
    // Where it is stopped already, the stretch goes on, and its time.
    if (this.#stopped[other].length === 0) {
      this.#patience = setTimeout(() => this.resume(other), longestStopMs).unref();
    }
    const stopped = new Set<number>();
    // What is stopped forks no more: a look that finds nobody new has found all.
    for (let look = 0, before = -1; look < mostLooks && before !== stopped.size; look++) {
      before = stopped.size;
      for (const pid of counters.pids) {
        if (!stopped.has(pid)) signal(pid, 'SIGSTOP');
        stopped.add(pid);
      }
      this.#stopped[other] = [...stopped];
    }
  }

  resume(side: Side): void {
    if (this.#stopped[side].length === 0) return;
    clearTimeout(this.#patience);
    for (const pid of this.#stopped[side]) signal(pid, 'SIGCONT');
    this.#stopped[side] = [];
  }

  resumeBoth(): void {
    for (const side of sides) this.resume(side);
  }

  /** Both run again, for good. */
  end(): void {
    this.resumeBoth();
    this.#callOff();
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, or has become another user's; that it is not still is seen by its CPU time.
  }
}
