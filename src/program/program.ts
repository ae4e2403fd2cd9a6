import { setTimeout as sleep } from 'node:timers/promises';

import {
  kernelKeepsSchedstat,
  readLastTaskId,
  readMappedMemory,
  readStatus,
} from '../measure/procfs.js';
import { ThreadCounters } from '../measure/thread-counters.js';
import type { BuiltTarget } from '../targets/build.js';
import type { GuardedProcess, ProcessExit } from '../process/guard.js';
import { OutputTail } from '../process/output-tail.js';
import { TargetError } from '../targets/target-error.js';
import { spawnProgram } from '../targets/target-process.js';
import { AnswerLines } from './answer-lines.js';
import { commandLine, readAnswer, type Answer, type ProgramCommand } from './command.js';

/** A command, as the program timed it and as c1m saw it from outside. */
export interface Exchange extends Answer {
  /** From before the command was written to after the answer was read. */
  readonly wallNs: number;
  /**
   * Of all threads of the process meanwhile. null without /proc, and where the operations started or
   * ended threads: one that ends takes its counters with it.
   */
  readonly contextSwitches: { readonly voluntary: number; readonly involuntary: number } | null;
  /** Time that its threads were runnable but had no CPU, summed; null as the switches are. */
  readonly runQueueDelayNs: number | null;
}

const graceMs = 2_000;
/** With more threads started or ended per operation than that, they are the operations' own. */
const mostThreadsPerOperation = 0.5;
const contract =
  'targets/PROGRAM.md says what a program answers; `ready.timeoutSeconds` of its target.yaml how long it may take.';

interface ThreadsSeen {
  readonly count: number;
  /** The id that the kernel gave last, to any thread of this host. */
  readonly lastTaskId: number;
}

/** A running program of targets/PROGRAM.md. It does not outlive c1m. */
export class Program {
  readonly #lines: AnswerLines;
  readonly #complaints = new OutputTail();
  readonly #threads = new ThreadCounters();

  private constructor(
    readonly name: string,
    readonly timeoutSeconds: number,
    readonly process: GuardedProcess,
  ) {
    this.#lines = new AnswerLines(process.child.stdout!);
    this.#complaints.follow(process.child.stderr);
    // It breaks where the program has ended, which its exit says better.
    process.child.stdin!.on('error', () => undefined);
  }

  /** @param cpus to bind it to; all of c1m's without it */
  static async start(built: BuiltTarget, cpus?: readonly number[]): Promise<Program> {
    const { name, ready } = built.target.manifest;
    return new Program(name, ready.timeoutSeconds, await spawnProgram(built, cpus));
  }

  /**
   * Gives it a command and waits for the answer.
   * @throws TargetError if it ends, hangs, answers wrongly, or the signal aborts
   */
  async ask(command: ProgramCommand, signal: AbortSignal): Promise<Exchange> {
    const unasked = this.#lines.takeUnasked();
    if (unasked[0] !== undefined) throw this.#wrong(command, `it printed unasked: ${unasked[0]}`);
    const before = this.#countSwitches();
    this.#threads.reset();
    const startedAt = performance.now();
    this.process.child.stdin!.write(`${commandLine(command)}\n`);
    const line = await this.#line(command, signal);
    const wallNs = (performance.now() - startedAt) * 1e6;
    const after = this.#countSwitches();
    const answer = readAnswer(command, line, wallNs);
    if (typeof answer === 'string') throw this.#wrong(command, answer);
    const { voluntary, involuntary, delayNs } = this.#threads;
    const known =
      before !== null &&
      after !== null &&
      threadsOf(command, before, after) <= command.operations * mostThreadsPerOperation;
    return {
      ...answer,
      wallNs,
      contextSwitches: known ? { voluntary, involuntary } : null,
      runQueueDelayNs: known && kernelKeepsSchedstat() ? delayNs : null,
    };
  }

  /** Resident memory of the process in bytes, exact where the kernel counts it so; null without /proc. */
  readRss(): number | null {
    const { pid } = this.process;
    return readMappedMemory(pid)?.rssBytes ?? readStatus(pid)?.rssBytes ?? null;
  }

  /** Lets it end, and ends it if it does not. May be called again. */
  async end(): Promise<void> {
    this.process.child.stdin!.end('exit\n');
    await Promise.race([this.process.exited, sleep(graceMs, undefined, { ref: false })]);
    await this.process.end(0);
  }

  kill(): void {
    void this.process.end(0);
  }

  /** Adds to the counts, and says what threads there are; null without /proc. */
  #countSwitches(): ThreadsSeen | null {
    this.#threads.sweep(this.process.pid, true);
    const status = readStatus(this.process.pid);
    return status === null ? null : { count: status.threads, lastTaskId: readLastTaskId() ?? 0 };
  }

  async #line(command: ProgramCommand, signal: AbortSignal): Promise<string> {
    const patience = new AbortController();
    const options = { signal: AbortSignal.any([patience.signal, signal]) };
    const waited = sleep(this.timeoutSeconds * 1000, 'late' as const, options).catch(
      () => 'aborted' as const,
    );
    const first = await Promise.race([this.#lines.next(), this.process.exited, waited]);
    patience.abort();
    if (signal.aborted) {
      throw new TargetError('aborted', `${this.name}: the measurement was aborted`);
    }
    if (typeof first === 'object') throw this.#ended(command, first);
    if (first === 'late') {
      throw this.#wrong(command, `there was none within ${this.timeoutSeconds} s`);
    }
    return first;
  }

  #ended(command: ProgramCommand, { code, signal }: ProcessExit): TargetError {
    const ending = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
    return new TargetError(
      'exited-early',
      `${this.name} ended ${ending} at the command “${commandLine(command)}”. Its standard error:\n${this.#complaints.excerpt()}`,
      contract,
    );
  }

  #wrong(command: ProgramCommand, what: string): TargetError {
    return new TargetError(
      'wrong-answer',
      `${this.name}: wrong answer to “${commandLine(command)}”: ${what}`,
      contract,
    );
  }
}

/** How many threads its tasks may have been: of those that were started, the whole host's. */
function threadsOf({ name }: ProgramCommand, before: ThreadsSeen, after: ThreadsSeen): number {
  if (name === 'wake') return before.count - after.count;
  if (name !== 'spawn-join') return 0;
  const started = after.lastTaskId - before.lastTaskId;
  // Below 0 the kernel's ids have begun again from the lowest.
  return started < 0 ? Infinity : started;
}
