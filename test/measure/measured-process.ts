import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../fixtures/measured-process.js', import.meta.url));

/** What getrusage(2) says, inside the process. */
interface Usage {
  readonly user: number;
  readonly system: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

interface Step {
  readonly before: Usage;
  readonly after: Usage;
  readonly result: number | null;
}

/** The report of GNU time, which takes it from wait4(2). */
interface TimeReport {
  readonly user: number;
  readonly system: number;
  readonly maximumRssBytes: number;
  readonly voluntary: number;
  readonly involuntary: number;
}

/** A process of test/fixtures/measured-process.js, watched by `/usr/bin/time -v` if there is one. */
export class MeasuredProcess {
  readonly #directory = mkdtempSync(join(tmpdir(), 'c1m-measured-'));
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  pid = 0;

  private constructor(task: readonly string[], launcher: readonly string[]) {
    const time = ['/usr/bin/time', '-v', '-o', this.#report];
    const command = [...launcher, process.execPath, '--expose-gc', program, ...task];
    const [file, ...args] = hasTime ? [...time, ...command] : command;
    this.#child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
  }

  static async start(
    task: readonly string[],
    launcher: readonly string[] = [],
  ): Promise<MeasuredProcess> {
    const started = new MeasuredProcess(task, launcher);
    started.pid = ((await started.#read()) as { pid: number }).pid;
    return started;
  }

  /** Lets it do its task once. */
  async step(): Promise<Step> {
    this.#child.stdin!.write('go\n');
    return (await this.#read()) as Step;
  }

  /** Lets it end. */
  async end(): Promise<TimeReport> {
    this.#child.stdin!.end('exit\n');
    await this.#ended;
    const text = hasTime ? readFileSync(this.#report, 'utf8') : '';
    rmSync(this.#directory, { recursive: true });
    const value = (label: string): number => Number(new RegExp(`${label}: (.*)`).exec(text)?.[1]);
    return {
      user: value('User time \\(seconds\\)'),
      system: value('System time \\(seconds\\)'),
      maximumRssBytes: value('Maximum resident set size \\(kbytes\\)') * 1024,
      voluntary: value('Voluntary context switches'),
      involuntary: value('Involuntary context switches'),
    };
  }

  get #report(): string {
    return join(this.#directory, 'time');
  }

  async #read(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('The measured process ended early');
    return JSON.parse(line.value) as unknown;
  }
}

/** Whether a command can be started. Where C1M_REQUIRE_ALL is set, one that is missing fails the run. */
export function hasInstrument(command: string, ...args: string[]): boolean {
  if (spawnSync(command, args, { stdio: 'ignore' }).error === undefined) return true;
  if (process.env['C1M_REQUIRE_ALL'] === '1') throw new Error(`${command} is not installed`);
  process.stderr.write(`SKIPPED: tests against ${command}, which is not installed\n`);
  return false;
}

export const hasTime = process.platform === 'linux' && hasInstrument('/usr/bin/time', '-v', 'true');
