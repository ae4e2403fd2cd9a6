import type { AskedCpus } from '../config/cpu-flags.js';
import { formatCpuList, splitCpus, type CpuSplit } from '../measure/cpus.js';
import { pinSelf } from '../measure/pinning.js';
import type { Warning } from '../results/figures.js';
import type { RunResult } from '../results/schema.js';

/**
 * The CPUs of load and target: halves of those that this process may use, or what was asked for.
 * Where only one side is said, the other has the rest.
 */
export function cpuSides({ load, target }: AskedCpus, allowed: readonly number[]): CpuSplit {
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

/** What threads beyond the CPUs of the load do to every figure. */
export function crowdedThreads(threads: number, load: readonly number[]): Warning[] {
  if (threads <= load.length) return [];
  const cpus = load.length === 1 ? 'one CPU' : `${load.length} CPUs`;
  return [
    {
      code: 'more-threads-than-cpus',
      message: `${threads} threads of the generator share ${cpus}, so that they wait for each other, which is in every latency`,
      remedy: 'Lower --threads, or give the load more CPUs (--load-cpus)',
    },
  ];
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

/** What one side leaves to the other: all of it, if it leaves nothing. */
export function rest(allowed: readonly number[], taken: readonly number[]): readonly number[] {
  const left = allowed.filter((cpu) => !taken.includes(cpu));
  return left.length === 0 ? allowed : left;
}
