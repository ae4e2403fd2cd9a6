import type { Warning } from '../results/figures.js';
import type { Host } from '../results/schema.js';
import { readSmallFile } from './procfs.js';

/**
 * Limits that a control group sets to this process, the tightest of its group and all above it
 * (kernel: Documentation/admin-guide/cgroup-v2.rst, and cgroup-v1/). null where there is none.
 */

export function readCgroup(): Host['cgroup'] {
  return { cpus: readCpuQuota(), memoryBytes: readMemoryLimitBytes() };
}

/** What the limits do to every figure. A limit that the host itself is below does nothing. */
export function cgroupWarnings({ cgroup, cpus, memoryBytes }: Host): Warning[] {
  const warnings: Warning[] = [];
  if (cgroup.cpus !== null && cgroup.cpus < cpus) {
    warnings.push({
      code: 'cgroup-cpu-quota',
      message: `The control group allows ${cgroup.cpus.toFixed(2)} of ${cpus} CPUs, and stops all threads for the rest of each period in which that is used up`,
      remedy: cpuQuotaRemedy,
    });
  }
  if (cgroup.memoryBytes !== null && cgroup.memoryBytes < memoryBytes) {
    warnings.push({
      code: 'cgroup-memory-limit',
      message: `The control group allows ${gibibytes(cgroup.memoryBytes)} of ${gibibytes(memoryBytes)} of memory; runtimes such as Java size their heap by that, and the kernel’s memory for connections counts against it`,
      remedy: memoryLimitRemedy,
    });
  }
  return warnings;
}

export const cpuQuotaRemedy =
  'Lift the quota (docker run --cpus, Kubernetes limits.cpu); use --cpuset-cpus';
export const memoryLimitRemedy = 'Raise the control group’s memory limit (docker run --memory)';

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** In whole CPUs and parts of them: 1.5 for 150 ms of CPU time in each 100 ms. */
function readCpuQuota(): number | null {
  const version2 = cgroupFiles('', 'cpu.max').map(parseCpuMax);
  const version1 = cgroupFiles('cpu', 'cpu.cfs_quota_us').map((quota, level) =>
    parseCpuMax(`${quota.trim()} ${cgroupFiles('cpu', 'cpu.cfs_period_us')[level] ?? ''}`),
  );
  return lowest([...version2, ...version1]);
}

function readMemoryLimitBytes(): number | null {
  const files = [
    ...cgroupFiles('', 'memory.max'),
    ...cgroupFiles('memory', 'memory.limit_in_bytes'),
  ];
  return lowest(files.map(parseMemoryMax));
}

/** "150000 100000" is 1.5; "max 100000" (version 2) and "-1 100000" (version 1) are no quota. */
export function parseCpuMax(text: string): number | null {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined) return null;
  return quota > 0 && period > 0 ? quota / period : null;
}

/** Version 1 writes 2⁶³ less a page where there is no limit. */
function parseMemoryMax(text: string): number | null {
  const bytes = Number(text.trim());
  return bytes > 0 && bytes < 2 ** 60 ? bytes : null;
}

/** A file's content in this process's group and in each group above it; '' is the one of version 2. */
function cgroupFiles(controller: string, file: string): string[] {
  const group = parseGroup(readSmallFile('/proc/self/cgroup') ?? '', controller);
  if (group === null) return [];
  const contents: string[] = [];
  const parts = group.split('/').filter((part) => part !== '');
  const mount = controller === '' ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`;
  for (let depth = parts.length; depth >= 0; depth--) {
    const content = readSmallFile([mount, ...parts.slice(0, depth), file].join('/'));
    if (content !== null) contents.push(content);
  }
  return contents;
}

/** The path of a controller in /proc/self/cgroup: lines of `ID:CONTROLLER,CONTROLLER:PATH`. */
export function parseGroup(text: string, controller: string): string | null {
  for (const line of text.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers?.split(',').includes(controller) === true) return path.join(':');
  }
  return null;
}

function lowest(values: readonly (number | null)[]): number | null {
  const limits = values.filter((value) => value !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}
