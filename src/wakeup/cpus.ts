import { rest } from '../experiment/cpu-sides.js';
import { splitCpus } from '../measure/cpus.js';

/** CPUs by number. c1m sleeps while a program works, so it may have the same ones. */
export interface WakeupCpus {
  readonly c1m: readonly number[];
  readonly program: readonly number[];
}

/**
 * One CPU for the program, of the half that is the target's elsewhere, or what is asked for; c1m has
 * the rest. On one CPU a hand-over is a switch of the runtime's scheduler alone; on several, waking a
 * task may also wake one of its threads, or find one that spins.
 */
export function wakeupCpus(
  asked: readonly number[] | null,
  allowed: readonly number[],
): WakeupCpus {
  const program = asked ?? splitCpus(allowed).target.slice(-1);
  return { c1m: rest(allowed, program), program };
}
