import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawnGuarded, type GuardedProcess } from '../targets/guard.js';
import { lastLines, OutputTail } from '../targets/output-tail.js';
import { InstrumentError } from './instrument.js';
import { underTracefs } from './tracefs.js';

const answerMs = 30_000;

/**
 * One recording of `perf sched record`, held back until it is enabled. Its data go to a file that has
 * no name any more, so nothing is left of it, whatever ends c1m.
 */
export class PerfRecorder {
  readonly #process: GuardedProcess;
  readonly #file: number;
  readonly #output = new OutputTail();

  private constructor(process: GuardedProcess, file: number) {
    this.#process = process;
    this.#file = file;
    this.#output.follow(process.child.stderr);
    // It breaks when perf ends first, which shows when it is asked for its data.
    process.child.stdin!.on('error', () => undefined);
  }

  /** Throws an InstrumentError. */
  static async start(): Promise<PerfRecorder> {
    const file = namelessFile();
    // Its commands are those of --control (perf-record(1)): enable, disable, stop.
    const words = ['sched', 'record', '-o', pathOf(file), '-D', '-1', '--control', 'fd:0,1'];
    const command = underTracefs(['perf', ...words]);
    const options = { cwd: '/', env: process.env, input: 'pipe', output: 'pipe' } as const;
    const recorder = new PerfRecorder(await spawnGuarded(command, options), file);
    try {
      await recorder.#tell('disable');
    } catch (error) {
      await recorder.close();
      throw error;
    }
    return recorder;
  }

  enable(): void {
    this.#process.child.stdin!.write('enable\n');
  }

  async stop(): Promise<void> {
    await this.#tell('disable');
    this.#process.child.stdin!.write('stop\n');
    await this.#process.exited;
  }

  /** A line for each time that a thread left a CPU. */
  async *history(): AsyncGenerator<string> {
    const words = ['sched', '-i', pathOf(this.#file), 'timehist', '--state', '--force'];
    const reader = await spawnGuarded(['perf', ...words], {
      cwd: '/',
      env: process.env,
      output: 'pipe',
    });
    reader.child.stderr!.resume();
    try {
      yield* createInterface({ input: reader.child.stdout! });
    } finally {
      await reader.end(0);
    }
  }

  async close(): Promise<void> {
    await this.#process.end(0);
    closeSync(this.#file);
  }

  /** Resolves when perf says that it has done so. */
  async #tell(word: string): Promise<void> {
    const { stdin, stdout } = this.#process.child;
    const patience = AbortSignal.timeout(answerMs);
    const answered = new Promise<boolean>((resolve) => {
      stdout!.once('data', () => resolve(true));
      void this.#process.exited.then(() => resolve(false));
      patience.addEventListener('abort', () => resolve(false), { once: true });
    });
    stdin!.write(`${word}\n`);
    if (await answered) return;
    const said = lastLines(this.#output.text());
    throw new InstrumentError(`perf does not record: ${said || 'it says nothing'}`);
  }
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'c1m-perf-'));
  const file = openSync(join(folder, 'perf.data'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  return file;
}

/** Another process opens a file without a name by this one's table of descriptors (proc(5)). */
function pathOf(file: number): string {
  return `/proc/${process.pid}/fd/${file}`;
}
