import type { AskedCpus } from '../config/cpu-flags.js';
import { cpuSides } from '../experiment/cpu-sides.js';
import type { CpuSplit } from '../measure/cpus.js';

/**
 * The CPUs of a duet: both servers share a single one, so that nothing falls on one of them only, and
 * the load does not reach its own limit before they do; or what was asked for.
 */
export function duetSides(asked: AskedCpus, allowed: readonly number[]): CpuSplit {
  const split = cpuSides(asked, allowed);
  return asked.target === null ? { ...split, target: split.target.slice(0, 1) } : split;
}
