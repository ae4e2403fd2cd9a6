import type { Problem } from '../basis/problem.js';
import { formatCpuList, parseCpuList } from '../measure/cpus.js';

/** CPU lists such as "0-3,8", as taskset(1) takes them. */
export interface CpuFlags {
  readonly loadCpus?: string | undefined;
  readonly targetCpus?: string | undefined;
}

/** CPUs by number; null for a side of which nothing is said. */
export interface AskedCpus {
  readonly load: readonly number[] | null;
  readonly target: readonly number[] | null;
}

export const noCpusAsked: AskedCpus = { load: null, target: null };

/** @param allowed those that this process may use; others are a problem */
export function readCpuFlags(
  { loadCpus, targetCpus }: CpuFlags,
  allowed: readonly number[],
  problems: Problem[],
): AskedCpus {
  return {
    load: readCpuList('--load-cpus', loadCpus, allowed, problems),
    target: readCpuList('--target-cpus', targetCpus, allowed, problems),
  };
}

/** null where it is not given, or cannot be read. */
export function readCpuList(
  where: string,
  text: string | undefined,
  allowed: readonly number[],
  problems: Problem[],
): number[] | null {
  if (text === undefined) return null;
  const cpus = parseCpuList(text);
  const remedy = `Write a list such as 0-3,8; this process may use ${formatCpuList(allowed)}.`;
  if (cpus === null) {
    problems.push({ where, message: `"${text}" is not a list of CPUs`, remedy });
    return null;
  }
  const others = cpus.filter((cpu) => !allowed.includes(cpu));
  if (others.length > 0) {
    const message = `CPU ${formatCpuList(others)} cannot be used`;
    problems.push({ where, message, remedy });
  }
  return cpus;
}
