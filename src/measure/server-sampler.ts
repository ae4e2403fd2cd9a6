import type { Unavailable } from '../results/figures.js';
import { readKernelMemory } from './kernel-memory.js';
import { nowMicros } from '../basis/clock.js';
import { ProcessTree } from './process-tree.js';
import { countDescriptors, readLastTaskId, readMappedMemory, type MappedMemory } from './procfs.js';
import { assertExists, exists, listUnreadable, type ProcessFigure } from './readability.js';
import { ResidentMemory } from './resident-memory.js';
import { ThreadCounters } from './thread-counters.js';
import { TreeCpu } from './tree-cpu.js';

/** What the processes did between `start` and `finish`; null where `unavailable` says why. */
export interface ServerWindow {
  /** Between the two readings of the CPU time. */
  readonly seconds: number;
  /** The most seen at once. */
  readonly processes: number | null;
  readonly cpuUserSeconds: number | null;
  readonly cpuSystemSeconds: number | null;
  /** Both. */
  readonly cpuSeconds: number | null;
  readonly rssNowBytes: number | null;
  readonly rssPeakBytes: number | null;
  readonly threadsPeak: number | null;
  readonly descriptorsPeak: number | null;
  readonly contextSwitches: { readonly voluntary: number; readonly involuntary: number } | null;
  readonly runQueueDelayNs: number | null;
  /** Of the whole host. */
  readonly kernelTcpBytes: number | null;
  readonly kernelSlabBytes: number | null;
  /** Roots that ended before `finish`: what they did after the last sample is missing. */
  readonly endedRoots: readonly number[];
  readonly unavailable: readonly Unavailable[];
}

/** The processes at one moment of a window. */
export interface ServerMoment {
  /** Of `nowMicros()`, when the CPU time was read. */
  readonly atMicros: number;
  /** User and system, since the window began. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

interface SamplerOptions {
  /** Between samples, in milliseconds. */
  readonly intervalMs?: number;
  /**
   * Restart the kernel's high-water mark of RSS with each window, so that a peak between two
   * samples counts even if an earlier one was higher. For processes that c1m started: it changes
   * what their own getrusage(2) reports.
   */
  readonly resetPeaks?: boolean;
}

/** Threads are read so rarely that it takes at most this share of one CPU. */
const threadsShare = 0.005;
/** What it takes to read one small file of a thread: not timed, as the load may well interrupt it. */
const fileMicros = 10;

/**
 * Samples processes and their descendants from /proc, without root, on the calling thread.
 *
 * A sample reads each process (25 µs, and 5 µs for its descriptors), the kernel's memory (35 µs)
 * and each thread (5 µs if it has been idle since, 17 µs if not); where a process or thread has been
 * born on the host, also the list of all processes. Measured on a busy machine of 2 CPUs and 100
 * processes: 0.5 ms for a server of 7 threads or a JVM of 50 idle ones, with 10,000 descriptors as
 * without, and 1.5 ms if all 50 have run; so 0.3 to 0.5 % of a CPU at five samples a second. With so
 * many threads that these alone would take 0.5 %, they are read less often, and in any case at both
 * ends of the window (27 ms for 2,000). Before Linux 6.2, descriptors are counted at both ends only,
 * at 1 µs each.
 */
export class ServerSampler {
  readonly #roots: readonly number[];
  readonly #intervalMs: number;
  readonly #resetPeaks: boolean;
  readonly #cpu = new TreeCpu();
  readonly #memory = new ResidentMemory();
  readonly #threads = new ThreadCounters();
  readonly #unreadable: readonly Unavailable[];
  /** null where there is no /proc to read them from. */
  readonly #tree: ProcessTree | null;
  #timer: NodeJS.Timeout | null = null;
  #startedAtMicros = 0;
  #cpuReadAtMicros = 0;
  #lastTaskId: number | null = null;
  #mayHaveNewThreads = true;
  #threadsDueAtMicros = 0;
  #descriptorsPeak: number | null = null;
  #kernelTcpPeak: number | null = null;
  #kernelSlabPeak: number | null = null;
  #endedRoots: number[] = [];

  /** @throws NoSuchProcessError if a root does not exist. */
  constructor(roots: readonly number[], options: SamplerOptions = {}) {
    for (const pid of roots) assertExists(pid);
    this.#roots = roots;
    this.#intervalMs = options.intervalMs ?? 200;
    this.#resetPeaks = options.resetPeaks ?? false;
    this.#unreadable = listUnreadable(roots);
    this.#tree = this.#canRead('cpuUserSeconds') ? new ProcessTree(roots) : null;
  }

  /**
   * Begins a window: nothing before counts. Takes as long as one sample, and looks at every process.
   * @throws NoSuchProcessError if a root does not exist any more.
   */
  start(): void {
    if (this.#timer !== null) throw new Error('The sampler has been started already');
    for (const pid of this.#roots) assertExists(pid);
    this.#timer = setInterval(() => this.#sample(), this.#intervalMs).unref();
    this.#endedRoots = [];
    this.#descriptorsPeak = null;
    this.#kernelTcpPeak = null;
    this.#kernelSlabPeak = null;
    this.#sampleKernel();
    if (this.#tree !== null) {
      this.#discover(this.#tree);
      this.#sweepThreads(this.#tree);
      this.#threads.reset();
      this.#memory.reset(this.#tree, this.#resetPeaks);
      this.#sampleLevels(this.#tree, true);
      // Last, so that what the sampler itself set off is over when the clock starts.
      this.#updateCpu(this.#tree);
      this.#cpu.reset();
    }
    this.#startedAtMicros = nowMicros();
  }

  /** Ends the window that `start` began. May be followed by another `start`. */
  finish(): ServerWindow {
    if (this.#timer === null) throw new Error('The sampler has not been started');
    this.end();
    const seconds = (nowMicros() - this.#startedAtMicros) / 1e6;
    if (this.#tree === null) {
      this.#sampleKernel();
      return this.#figures(seconds);
    }
    // First what must fall on the end of the clock; a child found only now counts from its birth.
    this.#updateCpu(this.#tree);
    this.#discover(this.#tree);
    this.#updateCpu(this.#tree);
    this.#sampleLevels(this.#tree, true);
    this.#sampleKernel();
    this.#sweepThreads(this.#tree);
    return this.#figures(seconds);
  }

  /** Samples no more, whether a window was begun or not. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** As of the last sample; null where it cannot be read. */
  latest(): ServerMoment | null {
    if (!this.#canRead('cpuUserSeconds') || !this.#canRead('rssPeakBytes')) return null;
    const cpuSeconds = this.#cpu.userSeconds + this.#cpu.systemSeconds;
    return { atMicros: this.#cpuReadAtMicros, cpuSeconds, rssBytes: this.#memory.rssNow };
  }

  /**
   * Exact RSS and PSS of all processes at this moment; null where they belong to another user. The
   * kernel walks their page tables for it (15 ms per GB) and stalls them, so not while latency counts.
   */
  readPss(): MappedMemory | null {
    if (this.#tree === null) return null;
    this.#tree.discover();
    let rssBytes = 0;
    let pssBytes = 0;
    for (const { pid } of this.#tree.members) {
      const memory = readMappedMemory(pid);
      rssBytes += memory?.rssBytes ?? 0;
      pssBytes += memory?.pssBytes ?? 0;
    }
    return rssBytes > 0 ? { rssBytes, pssBytes } : null;
  }

  #sample(): void {
    const tree = this.#tree;
    this.#sampleKernel();
    if (tree === null) return;
    if (this.#mayHaveGrown()) this.#discover(tree);
    this.#updateCpu(tree);
    this.#sampleLevels(tree, false);
    if (nowMicros() >= this.#threadsDueAtMicros) this.#sweepThreads(tree);
  }

  /** Whether any process or thread was born since the last look. */
  #mayHaveGrown(): boolean {
    const lastTaskId = readLastTaskId();
    if (lastTaskId !== null && lastTaskId === this.#lastTaskId) return false;
    this.#lastTaskId = lastTaskId;
    return true;
  }

  #discover(tree: ProcessTree): void {
    tree.discover();
    this.#mayHaveNewThreads = true;
  }

  #updateCpu(tree: ProcessTree): void {
    this.#cpuReadAtMicros = nowMicros();
    for (const { pid } of this.#cpu.update(tree)) {
      this.#threads.forget(pid);
      this.#memory.forget(pid);
      if (this.#roots.includes(pid)) this.#endedRoots.push(pid);
    }
  }

  /** What goes up and down: memory, threads, descriptors. */
  #sampleLevels(tree: ProcessTree, listDescriptors: boolean): void {
    this.#memory.sample(tree);
    let descriptors: number | null = null;
    for (const { pid } of tree.members) {
      const count = countDescriptors(pid, listDescriptors);
      if (count !== null) descriptors = (descriptors ?? 0) + count;
    }
    this.#descriptorsPeak = highest(this.#descriptorsPeak, descriptors);
  }

  #sampleKernel(): void {
    const kernel = readKernelMemory();
    this.#kernelTcpPeak = highest(this.#kernelTcpPeak, kernel.tcpBytes);
    this.#kernelSlabPeak = highest(this.#kernelSlabPeak, kernel.slabBytes);
  }

  #sweepThreads(tree: ProcessTree): void {
    let filesRead = 0;
    for (const { pid } of tree.members) {
      filesRead += this.#threads.sweep(pid, this.#mayHaveNewThreads);
    }
    this.#mayHaveNewThreads = false;
    this.#threadsDueAtMicros = nowMicros() + (filesRead * fileMicros) / threadsShare;
  }

  #figures(seconds: number): ServerWindow {
    const known = <T>(figure: ProcessFigure, value: T): T | null =>
      this.#canRead(figure) ? value : null;
    return {
      seconds,
      processes: known('processes', this.#memory.processesPeak),
      cpuUserSeconds: known('cpuUserSeconds', this.#cpu.userSeconds),
      cpuSystemSeconds: known('cpuSystemSeconds', this.#cpu.systemSeconds),
      cpuSeconds: known('cpuUserSeconds', this.#cpu.userSeconds + this.#cpu.systemSeconds),
      rssNowBytes: known('rssPeakBytes', this.#memory.rssNow),
      rssPeakBytes: known('rssPeakBytes', this.#memory.rssPeak),
      threadsPeak: known('threadsPeak', this.#memory.threadsPeak),
      descriptorsPeak: this.#descriptorsPeak,
      contextSwitches: known('contextSwitches', {
        voluntary: this.#threads.voluntary,
        involuntary: this.#threads.involuntary,
      }),
      runQueueDelayNs: known('runQueueDelayMs', this.#threads.delayNs),
      kernelTcpBytes: this.#kernelTcpPeak,
      kernelSlabBytes: this.#kernelSlabPeak,
      // One that nobody has waited for is still there to be read, but has ended.
      endedRoots: this.#roots.filter((pid) => this.#endedRoots.includes(pid) || !exists(pid)),
      unavailable: this.#unreadable,
    };
  }

  #canRead(figure: ProcessFigure): boolean {
    return !this.#unreadable.some((unreadable) => unreadable.figure === figure);
  }
}

function highest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
