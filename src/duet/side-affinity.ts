import { pinProcesses } from '../measure/pinning.js';
import type { RunningServer } from '../subject/running-server.js';
import type { Counters } from './side-counters.js';
import { sides, type Side } from './slice-order.js';

/**
 * Where both servers may run. While they warm up and nothing is measured, that is on all CPUs that
 * c1m may use, its own among them: compilers are what takes long then, and two CPUs halve it. The
 * number of threads that a runtime has made for a single CPU stays.
 */
export class SideAffinity {
  readonly #servers: Readonly<Record<Side, Pick<RunningServer, 'owned' | 'cpus'>>>;
  readonly #counters: Counters;

  constructor(
    servers: Readonly<Record<Side, Pick<RunningServer, 'owned' | 'cpus'>>>,
    counters: Counters,
  ) {
    this.#servers = servers;
    this.#counters = counters;
  }

  widen(cpus: readonly number[]): void {
    for (const side of sides) this.#bind(side, cpus);
  }

  /** Back to the CPUs that each was started on. */
  narrow(): void {
    for (const side of sides) this.#bind(side, this.#servers[side].cpus ?? []);
  }

  #bind(side: Side, cpus: readonly number[]): void {
    const counters = this.#counters[side];
    const { owned, cpus: own } = this.#servers[side];
    if (counters === null || !owned || own === null || cpus.length === 0) return;
    pinProcesses(counters.pids, cpus);
  }
}
