import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The CPUs that this process may use (proc(5), Cpus_allowed_list); null off Linux. */
export function allowedCpus(): number[] | null {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '');
  } catch {
    return null;
  }
}

/** "0-2,5" → 0, 1, 2, 5 (cpuset(7), list format). */
function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The load's and the target's CPUs: halves, or null where there is but one. */
export function splitCpus(cpus: readonly number[]): { load: number[]; target: number[] } | null {
  if (cpus.length < 2) return null;
  const half = Math.floor(cpus.length / 2);
  return { load: cpus.slice(0, half), target: cpus.slice(half) };
}

/** Binds all threads of this process, and those that they will start. False where it cannot. */
export function bindSelf(cpus: readonly number[]): boolean {
  try {
    const args = ['-a', '-p', '-c', cpus.join(','), String(process.pid)];
    execFileSync('taskset', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
