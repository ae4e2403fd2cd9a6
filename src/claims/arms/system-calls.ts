import { EventCounter } from '../../perf/event-counter.js';
import type { Readings } from './setting.js';

/** The event of all system calls, and what its figure is called. */
const all = { event: 'raw_syscalls:sys_enter', figure: 'systemCalls' };

/** Counts system calls of a server by name, in all its threads, by perf; nothing where that may not. */
export class SystemCalls {
  readonly #counters: ReadonlyMap<string, EventCounter>;

  private constructor(counters: ReadonlyMap<string, EventCounter>) {
    this.#counters = counters;
  }

  /** @param names as the kernel has them, such as `epoll_pwait` */
  static async start(names: readonly string[], pids: readonly number[]): Promise<SystemCalls> {
    const counters = new Map<string, EventCounter>();
    const wanted = [
      all,
      ...names.map((name) => ({ event: `syscalls:sys_enter_${name}`, figure: name })),
    ];
    for (const { event, figure } of names.length === 0 ? [] : wanted) {
      const counter = await EventCounter.start(event, pids).catch(() => null);
      if (counter !== null) counters.set(figure, counter);
    }
    return new SystemCalls(counters);
  }

  async begin(): Promise<void> {
    await Promise.all([...this.#counters.values()].map((counter) => counter.begin()));
  }

  /** @returns how many of each since the beginning, by name; without those that are not known */
  async end(): Promise<Readings> {
    const ended = [...this.#counters].map(
      async ([figure, counter]) => [figure, await counter.end()] as const,
    );
    const counts = await Promise.all(ended);
    return Object.fromEntries(
      counts.flatMap(([figure, count]) => (count === null ? [] : [[figure, count]])),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#counters.values()].map((counter) => counter.close()));
  }
}
