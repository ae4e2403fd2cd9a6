import { spawnSync } from 'node:child_process';
import type { Warning } from '../results/figures.js';
import { formatCpuList, readAllowedCpus } from './cpus.js';

interface Pinning {
  /** Says why nothing was pinned. */
  readonly warning: Warning | null;
  /** Gives all threads the CPUs back that the process had before. Does nothing where none was pinned. */
  restore(): void;
}

/**
 * Binds all threads of this process, and so all that they start later, to these CPUs, by
 * taskset(1) (5 ms). Never throws.
 */
export function pinSelf(cpus: readonly number[]): Pinning {
  const before = readAllowedCpus();
  const failure = taskset(cpus);
  if (failure !== null) return { warning: notPinned(cpus, failure), restore: () => undefined };
  return { warning: null, restore: () => void taskset(before) };
}

/** Whether this host has taskset(1). */
export function canPin(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** null if it worked, else why not. */
function taskset(cpus: readonly number[]): string | null {
  const list = formatCpuList(cpus);
  // -a: a thread has an affinity of its own, so those that run already must be bound one by one.
  const arguments_ = ['-a', '-p', '-c', list, `${process.pid}`];
  const { error, status, stderr } = spawnSync('taskset', arguments_, { encoding: 'utf8' });
  if (error !== undefined) return 'taskset is not installed';
  return status === 0 ? null : stderr.trim();
}

function notPinned(cpus: readonly number[], reason: string): Warning {
  return {
    code: 'not-pinned',
    message: `c1m could not be bound to the CPUs ${formatCpuList(cpus)}: ${reason}`,
    remedy:
      process.platform === 'linux'
        ? 'Install taskset (package util-linux) and name CPUs that this process may use'
        : 'Binding to CPUs needs Linux; elsewhere load and target share all CPUs',
  };
}
