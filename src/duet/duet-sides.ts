import { cpuSides, type CpuFlags } from '../experiment/cpu-sides.js';
import type { CpuSplit } from '../measure/cpus.js';

/**
 * The CPUs of a duet: both servers share a single one, so that nothing falls on one of them only, and
 * the load does not reach its own limit before they do; or what the flags say.
 */
export function duetSides(flags: CpuFlags, allowed: readonly number[]): CpuSplit {
  const split = cpuSides(flags, allowed);
  return flags.targetCpus === undefined ? { ...split, target: split.target.slice(0, 1) } : split;
}
