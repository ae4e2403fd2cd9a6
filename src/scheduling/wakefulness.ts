import { spawnGuarded, type GuardedProcess } from '../targets/guard.js';

/**
 * Keeps CPUs from idling: a loop of the lowest class (SCHED_IDLE, sched(7)) on each, which gives way
 * at once to whatever else wants to run. What it takes a CPU to leave its idle state is a matter of
 * the host (its power states; of a virtual machine, the way back from the hypervisor), and is several
 * times what runtimes differ in.
 */
export class Wakefulness {
  readonly #loops: readonly GuardedProcess[];

  private constructor(loops: readonly GuardedProcess[]) {
    this.#loops = loops;
  }

  static async begin(cpus: readonly number[]): Promise<Wakefulness> {
    const loops: GuardedProcess[] = [];
    const words = ['chrt', '--idle', '0', '/bin/sh', '-c', 'while :; do :; done'];
    for (const cpu of cpus) {
      const options = { cwd: '/', env: process.env, output: 'pipe', cpus: [cpu] } as const;
      const loop = await spawnGuarded(words, options);
      loop.child.stdout!.resume();
      loop.child.stderr!.resume();
      loops.push(loop);
    }
    return new Wakefulness(loops);
  }

  async end(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.end(0)));
  }
}
