import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { statFields } from '../process/stat-fields.js';

/**
 * What Linux tells about processes and threads, as proc(5) defines it. Reads are synchronous: the
 * kernel answers from memory, and a round trip through the thread pool would cost more and would
 * read the files of one sample at different moments. A process that is gone or hidden reads as null.
 */

/** One buffer for all reads. The largest file read here, a status with 8,192 CPUs, takes 6 KB. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/** The whole of a small file in /proc or /sys (latin1: a comm may hold any byte); null if unreadable. */
export function readSmallFile(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, null));
  } catch {
    return null; // ESRCH: it ended between open and read
  } finally {
    closeSync(file);
  }
}

/** Why a path could not be read, for people. Costs a second attempt, so only for what has failed. */
export function whyUnreadable(path: string): string {
  try {
    readFileSync(path);
    return `${path} holds no such figure`;
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EACCES':
      case 'EPERM':
        return `no permission to read ${path} (the process belongs to another user)`;
      case 'ENOENT':
      case 'ESRCH':
        return process.platform === 'linux' ? `${path} does not exist` : 'needs /proc of Linux';
      default:
        return `${path} cannot be read: ${(error as Error).message}`;
    }
  }
}

/** /proc/PID/stat. Times are in clock ticks; those of a process include threads that have ended. */
export interface ProcessStat {
  /** `R`, `S`, `D`, `Z` (ended, not yet waited for) … */
  readonly state: string;
  readonly parentPid: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Of children that have ended and been waited for, with their own waited-for children. */
  readonly childrenUserTicks: number;
  readonly childrenSystemTicks: number;
  /** Since boot: with the pid, the identity of a process. */
  readonly startTicks: number;
}

export function parseStat(text: string): ProcessStat | null {
  const fields = statFields(text);
  const startTicks = Number(fields[19]);
  if (fields.length < 20 || Number.isNaN(startTicks)) return null;
  return {
    state: fields[0]!,
    parentPid: Number(fields[1]),
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
    childrenUserTicks: Number(fields[13]),
    childrenSystemTicks: Number(fields[14]),
    startTicks,
  };
}

export function readStat(pid: number): ProcessStat | null {
  const text = readSmallFile(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** /proc/PID/status, of a process or of one of its threads. Its switches are that one thread's. */
interface TaskStatus {
  /** VmRSS; null for a kernel thread and for a process that has ended. */
  readonly rssBytes: number | null;
  /** VmHWM: the highest VmRSS since the program started, or since `resetRssPeak`. */
  readonly rssPeakBytes: number | null;
  readonly threads: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

export function parseStatus(text: string): TaskStatus | null {
  const threads = numberAfter(text, '\nThreads:');
  if (threads === null) return null;
  return {
    rssBytes: kilobytesAfter(text, '\nVmRSS:'),
    rssPeakBytes: kilobytesAfter(text, '\nVmHWM:'),
    threads,
    voluntarySwitches: numberAfter(text, '\nvoluntary_ctxt_switches:') ?? 0,
    involuntarySwitches: numberAfter(text, '\nnonvoluntary_ctxt_switches:') ?? 0,
  };
}

export function readStatus(pid: number): TaskStatus | null {
  const text = readSmallFile(`/proc/${pid}/status`);
  return text === null ? null : parseStatus(text);
}

export function readThreadStatus(pid: number, tid: number): TaskStatus | null {
  const text = readSmallFile(`/proc/${pid}/task/${tid}/status`);
  return text === null ? null : parseStatus(text);
}

/**
 * /proc/PID/task/TID/schedstat (kernel: Documentation/scheduler/sched-stats.rst), of one thread.
 * While it runs, `runNs` lags by up to one scheduler tick; a wait is added once it is over.
 */
export interface ThreadSchedstat {
  readonly runNs: number;
  /** Runnable, but waiting for a CPU. */
  readonly waitNs: number;
  /** How often it was given a CPU. */
  readonly slices: number;
}

export function parseSchedstat(text: string): ThreadSchedstat | null {
  const [runNs, waitNs, slices] = text.split(' ').map(Number);
  if (runNs === undefined || waitNs === undefined || slices === undefined) return null;
  return { runNs, waitNs, slices };
}

export function readThreadSchedstat(pid: number | 'self', tid: number): ThreadSchedstat | null {
  const text = readSmallFile(`/proc/${pid}/task/${tid}/schedstat`);
  return text === null ? null : parseSchedstat(text);
}

/** Whether this kernel keeps them at all (CONFIG_SCHED_INFO); one that does not writes zeros. */
export function kernelKeepsSchedstat(): boolean {
  const text = readSmallFile('/proc/thread-self/schedstat');
  // The calling thread has been given a CPU at least once.
  return text !== null && (parseSchedstat(text)?.slices ?? 0) > 0;
}

/** Resident and proportional set size, both exact: the kernel walks all page tables to count them. */
export interface MappedMemory {
  readonly rssBytes: number;
  /** Each page divided by the number of processes that map it. */
  readonly pssBytes: number;
}

/** /proc/PID/smaps_rollup. */
export function parseSmapsRollup(text: string): MappedMemory | null {
  const rssBytes = kilobytesAfter(text, '\nRss:');
  const pssBytes = kilobytesAfter(text, '\nPss:');
  return rssBytes === null || pssBytes === null ? null : { rssBytes, pssBytes };
}

/** Holds the process's memory map locked meanwhile: about 15 ms per GB, in which it cannot map more. */
export function readMappedMemory(pid: number): MappedMemory | null {
  const text = readSmallFile(`/proc/${pid}/smaps_rollup`);
  return text === null ? null : parseSmapsRollup(text);
}

/**
 * Open file descriptors. Linux ≥ 6.2 tells the number as the size of /proc/PID/fd, to every user;
 * before, the directory must be listed (1 µs an entry, and only the owner may), which is done only
 * with `list`. null where that leaves it unknown.
 */
export function countDescriptors(pid: number, list: boolean): number | null {
  const path = `/proc/${pid}/fd`;
  try {
    const count = statSync(path).size;
    if (count > 0) return count;
    return list ? readdirSync(path).length : null;
  } catch {
    return null;
  }
}

export function listThreads(pid: number): number[] | null {
  return listNumbers(`/proc/${pid}/task`);
}

export function listProcesses(): number[] {
  return listNumbers('/proc') ?? [];
}

/**
 * The id that the kernel gave last, to a process or a thread (/proc/loadavg): as long as it stays
 * the same, there is no new one. null where it cannot be trusted (gVisor writes 0).
 */
export function readLastTaskId(): number | null {
  const last = Number(readSmallFile('/proc/loadavg')?.trim().split(' ').at(-1));
  return last > 0 ? last : null;
}

/**
 * Makes VmHWM start again from the present VmRSS (proc(5), clear_refs, value 5). Also lowers what
 * getrusage(2) will later report as maximum. False where the kernel or the owner forbids it.
 */
export function resetRssPeak(pid: number | 'self'): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5', { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

function listNumbers(path: string): number[] | null {
  try {
    const names = readdirSync(path);
    const numbers: number[] = [];
    for (const name of names) {
      const first = name.charCodeAt(0);
      if (first >= 48 && first <= 57) numbers.push(Number(name));
    }
    return numbers;
  } catch {
    return null;
  }
}

/** The whole number that follows a label such as "\nThreads:" and any blanks. */
function numberAfter(text: string, label: string): number | null {
  const at = text.indexOf(label);
  if (at < 0) return null;
  const value = Number.parseInt(text.slice(at + label.length, at + label.length + 32), 10);
  return Number.isNaN(value) ? null : value;
}

/** The same where the file says kB, by which the kernel means 1024 bytes. */
export function kilobytesAfter(text: string, label: string): number | null {
  const value = numberAfter(text, label);
  return value === null ? null : value * 1024;
}
