import { listProcesses, readStat, type ProcessStat } from './procfs.js';

/** A process of the measured tree, known by pid and start time, so that a reused pid is another. */
export interface TreeProcess {
  readonly pid: number;
  readonly startTicks: number;
}

/** A pid to measure that no process has. */
export class NoSuchProcessError extends Error {
  override readonly name = 'NoSuchProcessError';
  constructor(readonly pid: number) {
    super(`There is no process with the id ${pid}`);
  }
}

/**
 * The processes that descend from the roots. One that was once seen stays a member when its parent
 * ends and another process adopts it. Members come parents first.
 */
export class ProcessTree {
  readonly #members = new Map<number, TreeProcess>();
  /** Processes known not to belong: a descendant is one from its birth, so none of these can become one. */
  #foreign = new Set<number>();

  /** @throws NoSuchProcessError */
  constructor(readonly roots: readonly number[]) {
    for (const pid of roots) {
      const stat = readStat(pid);
      if (stat === null) throw new NoSuchProcessError(pid);
      this.#members.set(pid, { pid, startTicks: stat.startTicks });
    }
  }

  get members(): Iterable<TreeProcess> {
    return this.#members.values();
  }

  has(pid: number): boolean {
    return this.#members.has(pid);
  }

  remove(member: TreeProcess): void {
    this.#members.delete(member.pid);
  }

  /** Finds new descendants. Lists /proc (0.7 µs a process) and reads the parent of each new one (10 µs). */
  discover(): void {
    const foreign = new Set<number>();
    let unplaced: [number, ProcessStat][] = [];
    for (const pid of listProcesses()) {
      if (this.#members.has(pid)) continue;
      if (this.#foreign.has(pid)) foreign.add(pid);
      else {
        const stat = readStat(pid);
        if (stat !== null) unplaced.push([pid, stat]);
      }
    }
    // A child may have a lower pid than its parent once pids have wrapped around: repeat until none is placed.
    for (let before = -1; before !== unplaced.length;) {
      before = unplaced.length;
      unplaced = unplaced.filter(([pid, stat]) => {
        if (!this.#members.has(stat.parentPid)) return true;
        this.#members.set(pid, { pid, startTicks: stat.startTicks });
        return false;
      });
    }
    for (const [pid] of unplaced) foreign.add(pid);
    this.#foreign = foreign;
  }
}
