import { spawnGuarded, type GuardedProcess } from '../process/guard.js';
import { lastLines, OutputTail } from '../process/output-tail.js';

const answerMs = 30_000;

/**
 * A perf child that counts or records only while it is told to, by the commands of `--control`
 * (perf-stat(1), perf-record(1)), of which it acknowledges each.
 */
export class ToldPerf {
  readonly #process: GuardedProcess;
  readonly #output = new OutputTail();

  private constructor(process: GuardedProcess) {
    this.#process = process;
    this.#output.follow(process.child.stderr);
    // It breaks when perf ends first, which shows when it is asked for its data.
    process.child.stdin!.on('error', () => undefined);
  }

  /**
   * @param words after `perf`
   * @param under what the command is started by, such as unshare(1)
   */
  static async start(
    words: readonly string[],
    under: (command: readonly string[]) => readonly string[] = (command) => command,
  ): Promise<ToldPerf> {
    const command = under(['perf', ...words, '-D', '-1', '--control', 'fd:0,1']);
    const options = { cwd: '/', env: process.env, input: 'pipe', output: 'pipe' } as const;
    return new ToldPerf(await spawnGuarded(command, options));
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves once perf has ended. */
  get exited(): Promise<unknown> {
    return this.#process.exited;
  }

  /** What it printed so far, the end of it. */
  get said(): string {
    return this.#output.text();
  }

  /** Without waiting for the answer. */
  write(word: string): void {
    this.#process.child.stdin!.write(`${word}\n`);
  }

  /** Resolves when perf has done so: null, or why it has not. */
  async tell(word: string): Promise<string | null> {
    const { stdout } = this.#process.child;
    const patience = AbortSignal.timeout(answerMs);
    const answered = new Promise<boolean>((resolve) => {
      stdout!.once('data', () => resolve(true));
      void this.#process.exited.then(() => resolve(false));
      patience.addEventListener('abort', () => resolve(false), { once: true });
    });
    this.write(word);
    return (await answered) ? null : lastLines(this.said) || 'it says nothing';
  }

  async end(): Promise<void> {
    await this.#process.end(0);
  }
}
