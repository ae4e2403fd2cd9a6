import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { Warning } from '../results/figures.js';
import { formatCpuList, parseCpuList } from './cpus.js';
import { readSmallFile } from './procfs.js';

interface Pinning {
  /** Says why nothing was pinned. */
  readonly warning: Warning | null;
  /**
   * Gives each thread the CPUs back that it had before, and those that were started since the
   * process's own. Does nothing where none was pinned; may be called again.
   */
  restore(): void;
}

/** Lists of CPUs, by the kernel's ids of threads. */
type Masks = ReadonlyMap<number, string>;

/**
 * What is pinned now, and what was before the first of it: where two measurements of a process
 * overlap, the later one would take the first one's CPUs for the process's own.
 */
let pinnings = 0;
let original: Masks = new Map();

/**
 * Binds all threads of this process, and so all that they start later, to these CPUs, by
 * taskset(1) (5 ms). Never throws.
 */
export function pinSelf(cpus: readonly number[]): Pinning {
  const before = pinnings === 0 ? readMasks() : original;
  const list = formatCpuList(cpus);
  const failure = bind(() => list);
  if (failure !== null) return { warning: notPinned(list, failure), restore: () => undefined };
  original = before;
  pinnings++;
  let isPinned = true;
  const restore = (): void => {
    if (!isPinned) return;
    isPinned = false;
    pinnings--;
    if (pinnings === 0) giveBack(before);
  };
  return { warning: null, restore };
}

/** Whether this host has taskset(1). */
export function canPin(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/**
 * Binds all threads of other processes to these CPUs (5 ms each). A thread that is born meanwhile has
 * the CPUs of the one that started it, so it is done twice. Never throws: what cannot be bound, or is
 * gone, stays as it is.
 */
export function pinProcesses(pids: readonly number[], cpus: readonly number[]): void {
  const list = formatCpuList(cpus);
  for (const pid of [...pids, ...pids]) taskset(['-a'], list, pid);
}

function giveBack(before: Masks): void {
  const own = before.get(process.pid);
  if (own !== undefined) bind((thread) => before.get(thread) ?? own);
}

/**
 * Binds each thread to a list of its own; null if it worked, else why not. `taskset -a` ends at the
 * first thread that ends meanwhile, or is the kernel's and not to be bound: the rest get theirs one
 * by one.
 */
function bind(listOf: (thread: number) => string): string | null {
  const main = process.pid;
  const failure = taskset(['-a'], listOf(main), main);
  if (failure !== null && readMasks().get(main) !== listOf(main)) return failure;
  for (const [thread, list] of readMasks()) {
    if (list !== listOf(thread)) taskset([], listOf(thread), thread);
  }
  return null;
}

/** Empty off Linux. */
function readMasks(): Masks {
  const masks = new Map<number, string>();
  for (const thread of ownThreads()) {
    const status = readSmallFile(`/proc/self/task/${thread}/status`) ?? '';
    const cpus = parseCpuList(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
    if (cpus !== null) masks.set(thread, formatCpuList(cpus));
  }
  return masks;
}

function ownThreads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

/** null if it worked, else why not. */
function taskset(flags: readonly string[], list: string, thread: number): string | null {
  const words = [...flags, '-p', '-c', list, `${thread}`];
  const { error, status, stderr } = spawnSync('taskset', words, { encoding: 'utf8' });
  if (error !== undefined) return 'taskset is not installed';
  return status === 0 ? null : stderr.trim();
}

function notPinned(list: string, reason: string): Warning {
  return {
    code: 'not-pinned',
    message: `c1m could not be bound to the CPUs ${list}: ${reason}`,
    remedy:
      process.platform === 'linux'
        ? 'Install taskset (package util-linux) and name CPUs that this process may use'
        : 'Binding to CPUs needs Linux; elsewhere load and target share all CPUs',
  };
}
