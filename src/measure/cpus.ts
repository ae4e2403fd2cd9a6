import { availableParallelism } from 'node:os';
import type { Warning } from '../results/figures.js';
import { readSmallFile } from './procfs.js';

/** A CPU list of the kernel ("0-3,8"), ascending and without repeats; null if it is none. */
export function parseCpuList(text: string): number[] | null {
  const cpus = new Set<number>();
  for (const part of text.trim().split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) return null;
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The shortest list that `parseCpuList` and taskset(1) read as these CPUs; '' for none. */
export function formatCpuList(cpus: readonly number[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i]!;
    while (i + 1 < sorted.length && sorted[i + 1] === sorted[i]! + 1) i++;
    parts.push(sorted[i] === first ? `${first}` : `${first}-${sorted[i]!}`);
  }
  return parts.join(',');
}

/** The CPUs that this process may use (proc(5), Cpus_allowed_list); off Linux, as many as there are. */
export function readAllowedCpus(): number[] {
  const status = readSmallFile('/proc/self/status') ?? '';
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  const cpus = list === undefined ? null : parseCpuList(list);
  return cpus ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}

/** The CPUs that share a core with this one, itself included; itself alone where /sys does not tell. */
function readSiblings(cpu: number): number[] {
  const list = readSmallFile(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`);
  return (list === null ? null : parseCpuList(list)) ?? [cpu];
}

export interface CpuSplit {
  readonly load: readonly number[];
  readonly target: readonly number[];
  readonly warnings: readonly Warning[];
}

/**
 * Half of the CPUs for the load, half for the target; the target gets the odd one. CPUs that share
 * a core stay on one side, since they take speed from each other, unless there is only one core.
 */
export function splitCpus(
  allowed: readonly number[],
  siblingsOf: (cpu: number) => readonly number[] = readSiblings,
): CpuSplit {
  if (allowed.length < 2) return { load: allowed, target: allowed, warnings: [sharedCpu] };
  const cores = groupByCore(allowed, siblingsOf);
  if (cores.length === 1) {
    const half = Math.floor(allowed.length / 2);
    const [load, target] = [allowed.slice(0, half), allowed.slice(half)];
    return { load, target, warnings: [sharedCore] };
  }
  const half = Math.floor(cores.length / 2);
  return { load: cores.slice(0, half).flat(), target: cores.slice(half).flat(), warnings: [] };
}

function groupByCore(
  allowed: readonly number[],
  siblingsOf: (cpu: number) => readonly number[],
): number[][] {
  const left = new Set(allowed);
  const cores: number[][] = [];
  for (const cpu of allowed) {
    if (!left.has(cpu)) continue;
    const core = [...new Set([cpu, ...siblingsOf(cpu)])].filter((sibling) => left.has(sibling));
    for (const sibling of core) left.delete(sibling);
    cores.push(core.sort((a, b) => a - b));
  }
  return cores;
}

const sharedCpu: Warning = {
  code: 'shared-cpu',
  message: 'Load and target share the only CPU, so each slows the other down',
  remedy: 'Run on a machine with two CPUs or more, or allow this process more (taskset, cpuset)',
};

const sharedCore: Warning = {
  code: 'shared-core',
  message: 'Load and target run on two threads of the same core, which take speed from each other',
  remedy: 'Run on a machine with two cores or more; compare only results of this machine',
};
