import { ConfigError, type Problem } from '../config/problem.js';
import { formatCpuList, parseCpuList, splitCpus, type CpuSplit } from '../measure/cpus.js';

/** CPU lists such as "0-3,8", as taskset(1) takes them. */
export interface CpuFlags {
  readonly loadCpus?: string | undefined;
  readonly targetCpus?: string | undefined;
}

/**
 * The CPUs of load and target: halves of those that this process may use, or what the flags say.
 * Where only one side is given, the other has the rest. Throws a ConfigError.
 */
export function cpuSides(flags: CpuFlags, allowed: readonly number[]): CpuSplit {
  const problems: Problem[] = [];
  const load = readList('--load-cpus', flags.loadCpus, allowed, problems);
  const target = readList('--target-cpus', flags.targetCpus, allowed, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  if (load === null && target === null) return splitCpus(allowed);
  return {
    load: load ?? rest(allowed, target ?? []),
    target: target ?? rest(allowed, load ?? []),
    warnings: [],
  };
}

function readList(
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

/** What one side leaves to the other: all of it, if it leaves nothing. */
function rest(allowed: readonly number[], taken: readonly number[]): readonly number[] {
  const left = allowed.filter((cpu) => !taken.includes(cpu));
  return left.length === 0 ? allowed : left;
}
