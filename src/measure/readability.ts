import { closeSync, openSync } from 'node:fs';
import type { Unavailable } from '../results/figures.js';
import { readKernelMemory } from './kernel-memory.js';
import { NoSuchProcessError } from './process-tree.js';
import {
  countDescriptors,
  kernelKeepsSchedstat,
  readStat,
  readStatus,
  whyUnreadable,
} from './procfs.js';

/** Figures of the result document that are read from /proc, for a process. */
export type ProcessFigure =
  | 'processes'
  | 'cpuUserSeconds'
  | 'cpuSystemSeconds'
  | 'rssPeakBytes'
  | 'rssIdleBytes'
  | 'pssIdleBytes'
  | 'pssPeakBytes'
  | 'threadsPeak'
  | 'descriptorsPeak'
  | 'contextSwitches'
  | 'runQueueDelayMs';

const fromStat: readonly ProcessFigure[] = ['cpuUserSeconds', 'cpuSystemSeconds'];
const fromStatus: readonly ProcessFigure[] = [
  'processes',
  'rssPeakBytes',
  'rssIdleBytes',
  'threadsPeak',
];
const fromSmaps: readonly ProcessFigure[] = ['pssIdleBytes', 'pssPeakBytes'];

/** @throws NoSuchProcessError if it does not exist */
export function assertExists(pid: number): void {
  if (!exists(pid)) throw new NoSuchProcessError(pid);
}

/** False also where it has ended and only waits to be waited for. */
export function exists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: another user's, but there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return readStat(pid)?.state !== 'Z';
}

/** What cannot be read of existing processes, each with its reason. Reads a few small files of each. */
export function listUnreadable(pids: readonly number[]): Unavailable[] {
  const reasons = new Map<string, string>();
  const note = (figures: readonly string[], path: string): void => {
    for (const figure of figures) reasons.set(figure, whyUnreadable(path));
  };
  for (const pid of pids) {
    const path = `/proc/${pid}`;
    if (readStat(pid) === null) note(fromStat, `${path}/stat`);
    if ((readStatus(pid)?.rssBytes ?? null) === null) note(fromStatus, `${path}/status`);
    if (readStatus(pid) === null) note(['contextSwitches'], `${path}/status`);
    if (countDescriptors(pid, true) === null) note(['descriptorsPeak'], `${path}/fd`);
    if (!canOpen(`${path}/smaps_rollup`)) note(fromSmaps, `${path}/smaps_rollup`);
    if (readStat(pid) === null) note(['runQueueDelayMs'], `${path}/schedstat`);
  }
  if (!reasons.has('runQueueDelayMs') && !kernelKeepsSchedstat()) {
    reasons.set('runQueueDelayMs', 'the kernel counts no run-queue delay (CONFIG_SCHED_INFO)');
  }
  const kernel = readKernelMemory();
  if (kernel.tcpBytes === null) note(['kernelTcpBytes'], '/proc/net/sockstat');
  if (kernel.slabBytes === null) note(['kernelSlabBytes'], '/proc/meminfo');
  return [...reasons].map(([figure, reason]) => ({ figure, reason }));
}

/** Without reading: the kernel checks the permission when the file is opened, and walks pages later. */
function canOpen(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}
