import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ToldPerf } from '../perf/told-perf.js';
import { RunFolder } from '../process/run-folder.js';
import { spawnGuarded } from '../process/guard.js';
import { InstrumentError } from './instrument.js';
import { underTracefs } from './tracefs.js';

/**
 * One recording of `perf sched record`, held back until it is enabled. Its data go to a file that has
 * no name any more, so nothing is left of it, whatever ends c1m.
 */
export class PerfRecorder {
  readonly #perf: ToldPerf;
  readonly #file: number;
  #isOpen = true;

  private constructor(perf: ToldPerf, file: number) {
    this.#perf = perf;
    this.#file = file;
  }

  /** Throws an InstrumentError. */
  static async start(): Promise<PerfRecorder> {
    const file = namelessFile();
    const words = ['sched', 'record', '-o', pathOf(file)];
    const perf = await ToldPerf.start(words, underTracefs).catch((error: unknown) => {
      closeSync(file);
      throw error;
    });
    const recorder = new PerfRecorder(perf, file);
    try {
      await recorder.#tell('disable');
    } catch (error) {
      await recorder.close();
      throw error;
    }
    return recorder;
  }

  enable(): void {
    this.#perf.write('enable');
  }

  async stop(): Promise<void> {
    await this.#tell('disable');
    this.#perf.write('stop');
    await this.#perf.exited;
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

  /** May be called again. */
  async close(): Promise<void> {
    await this.#perf.end();
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  async #tell(word: string): Promise<void> {
    const why = await this.#perf.tell(word);
    if (why !== null) throw new InstrumentError(`perf does not record: ${why}`);
  }
}

function namelessFile(): number {
  const folder = new RunFolder('perf');
  try {
    return openSync(join(folder.path, 'perf.data'), 'wx+', 0o600);
  } finally {
    folder.remove();
  }
}

/** Another process opens a file without a name by this one's table of descriptors (proc(5)). */
function pathOf(file: number): string {
  return `/proc/${process.pid}/fd/${file}`;
}
