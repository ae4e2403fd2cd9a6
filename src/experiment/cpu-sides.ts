import { ConfigError, type Problem } from '../basis/problem.js';
import { formatCpuList, parseCpuList, splitCpus, type CpuSplit } from '../measure/cpus.js';
import { pinSelf } from '../measure/pinning.js';
import type { Warning } from '../results/figures.js';
import type { RunResult } from '../results/schema.js';

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
  const load = readCpuList('--load-cpus', flags.loadCpus, allowed, problems);
  const target = readCpuList('--target-cpus', flags.targetCpus, allowed, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  if (load === null && target === null) return splitCpus(allowed);
  return withOverlap(load ?? rest(allowed, target ?? []), target ?? rest(allowed, load ?? []));
}

/**
 * Whether every worker has a CPU to itself, and may poll for due times instead of sleeping.
 * @param pinned whether the targets are bound to their side
 */
export function maySpin({ load, target }: CpuSplit, threads: number, pinned: boolean): boolean {
  return pinned && threads <= load.length && !load.some((cpu) => target.includes(cpu));
}

/**
 * Measures while this process is bound to the CPUs of the load, and notes in the result where each
 * side runs and what is wrong with that. Whatever is thrown, the process has its CPUs back after it.
 * @param target null where c1m does not start the server, and cannot know its CPUs
 */
export async function boundToLoad<T>(
  result: Pick<RunResult, 'cpus' | 'warnings'>,
  load: readonly number[],
  target: readonly number[] | null,
  measure: () => Promise<T>,
): Promise<T> {
  const pinning = pinSelf(load);
  try {
    if (pinning.warning === null) {
      result.cpus = {
        load: formatCpuList(load),
        target: target === null ? null : formatCpuList(target),
      };
    } else result.warnings.push(pinning.warning);
    return await measure();
  } finally {
    pinning.restore();
  }
}

function withOverlap(load: readonly number[], target: readonly number[]): CpuSplit {
  const shared = load.filter((cpu) => target.includes(cpu));
  return { load, target, warnings: shared.length === 0 ? [] : [sharedCpus(shared)] };
}

function sharedCpus(cpus: readonly number[]): Warning {
  return {
    code: 'shared-cpu',
    message: `Load and target share CPU ${formatCpuList(cpus)}, so each slows the other down`,
    remedy: 'Name CPUs for --load-cpus and --target-cpus that do not overlap',
  };
}

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

/** What one side leaves to the other: all of it, if it leaves nothing. */
export function rest(allowed: readonly number[], taken: readonly number[]): readonly number[] {
  const left = allowed.filter((cpu) => !taken.includes(cpu));
  return left.length === 0 ? allowed : left;
}
