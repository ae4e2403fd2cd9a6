import { readFileSync, readlinkSync } from 'node:fs';

import { isDeadState, statFields } from './stat-fields.js';

/** A process, told from a later one that was given the same number. */
export interface Owner {
  /** Within which the number means something: containers may share a folder, but not their numbers. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** In clock ticks since the machine was started; 0 where that is not known. */
  readonly startTicks: string;
}

/** This process. */
export function ownOwner(): Owner {
  const start = readStart(process.pid)?.startTicks ?? '0';
  return { pidNamespace: readNamespace(), pid: process.pid, startTicks: start };
}

/** As a part of a file's name. */
export function ownerTag({ pidNamespace, pid, startTicks }: Owner): string {
  return `${pidNamespace}-${pid}-${startTicks}`;
}

/** Matches a tag, and its three parts. */
export const ownerTagPattern = String.raw`(\d+)-(\d+)-(\d+)`;

/** Whether it certainly lives no more. */
export function isGone({ pidNamespace, pid, startTicks }: Owner): boolean {
  if (pidNamespace !== readNamespace()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const found = readStart(pid);
  if (found === null) return false;
  return found.isDead || (startTicks !== '0' && found.startTicks !== startTicks);
}

function readNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** null where it cannot be read. */
function readStart(pid: number): { startTicks: string; isDead: boolean } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = statFields(stat);
    return { startTicks: fields[19] ?? '0', isDead: isDeadState(fields[0]) };
  } catch {
    return null;
  }
}
