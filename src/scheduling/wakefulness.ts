import { setTimeout as sleep } from 'node:timers/promises';
import type { Warning } from '../results/figures.js';
import { spawnGuarded, type GuardedProcess } from '../process/guard.js';

/** That the loops need to show whether they run. */
const settleMs = 200;

/**
 * Keeps CPUs from idling: a loop of the lowest class (SCHED_IDLE, sched(7)) on each, which gives way
 * at once to whatever else wants to run. How long a CPU takes to leave its idle state is a matter of
 * the host (its power states; of a virtual machine, the way back from the hypervisor), changes from
 * minute to minute, and is more than what runtimes differ in.
 */
export class Wakefulness {
  readonly #loops: readonly GuardedProcess[];
  /** Where it cannot be done. */
  readonly warnings: readonly Warning[];

  private constructor(loops: readonly GuardedProcess[], warnings: readonly Warning[]) {
    this.#loops = loops;
    this.warnings = warnings;
  }

  static async begin(cpus: readonly number[]): Promise<Wakefulness> {
    const loops: GuardedProcess[] = [];
    try {
      return await Wakefulness.#beginOn(cpus, loops);
    } catch (error) {
      await endAll(loops);
      throw error;
    }
  }

  /** @param loops takes those that run */
  static async #beginOn(cpus: readonly number[], loops: GuardedProcess[]): Promise<Wakefulness> {
    const words = ['chrt', '--idle', '0', '/bin/sh', '-c', 'while :; do :; done'];
    for (const cpu of cpus) {
      const options = { cwd: '/', env: process.env, output: 'pipe', cpus: [cpu] } as const;
      const loop = await spawnGuarded(words, options).catch(() => null);
      if (loop === null) return new Wakefulness(loops, [asleep]);
      loop.child.stdout!.resume();
      loop.child.stderr!.resume();
      loops.push(loop);
    }
    const given = sleep(settleMs, true, { ref: false });
    const run = await Promise.race([given, ...loops.map(({ exited }) => exited.then(() => false))]);
    return new Wakefulness(loops, run ? [] : [asleep]);
  }

  async end(): Promise<void> {
    await endAll(this.#loops);
  }
}

async function endAll(loops: readonly GuardedProcess[]): Promise<void> {
  await Promise.all(loops.map((loop) => loop.end(0)));
}

const asleep: Warning = {
  code: 'server-cpu-asleep',
  message:
    'The CPU of the servers could not be kept awake, so at the low load the time that it takes to wake up is in the delays',
  remedy: 'Install chrt (of util-linux)',
};
