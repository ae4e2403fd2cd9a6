import { randomInt } from 'node:crypto';
import { getPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGuarded, type GuardedProcess } from '../process/guard.js';
import { lastLines, OutputTail } from '../process/output-tail.js';
import {
  InstrumentError,
  type SchedulingInstrument,
  type SchedulingReading,
} from './instrument.js';
import { readTrace, traceLineSchema, type TraceLine } from './trace-reading.js';
import { keptWaits, markNumber, traceScript, type Instrument, type Mark } from './trace-script.js';
import { underTracefs } from './tracefs.js';

/** Its compiler, and attaching, take some two seconds on an idle CPU. */
const startMs = 60_000;
const askAgainMs = 50;
/** Handing out takes some microseconds for each connection. */
const handOutMs = 60_000;

/** Threads of the server whose waits can be kept. */
const threads = 2_048;

/**
 * Follows requests through the kernel with bpftrace, a child process that counts from `begin` to
 * `end`. Marks reach the running script by a system call that fails (see trace-script.ts), so they
 * are set at once and in order with what they enclose.
 */
export class Tracer implements SchedulingInstrument {
  readonly source = 'ebpf';
  readonly #process: GuardedProcess;
  readonly #nonce: number;
  readonly #complaints = new OutputTail();
  #lines: TraceLine[] = [];
  #arrived: () => void = () => undefined;
  #gone = false;

  private constructor(process: GuardedProcess, nonce: number) {
    this.#process = process;
    this.#nonce = nonce;
    this.#complaints.follow(process.child.stderr);
    void process.exited.then(() => {
      this.#gone = true;
      this.#arrived();
    });
    createInterface({ input: process.child.stdout! }).on('line', (line) => this.#take(line));
  }

  /**
   * @param ports those that the server listens on
   * @param connections as many as will be open at once
   * Throws an InstrumentError.
   */
  static async start(
    ports: readonly number[],
    connections: number,
    instrument: Instrument,
    signal: AbortSignal,
  ): Promise<Tracer> {
    const nonce = randomInt(1, 2 ** 28);
    const script = traceScript(ports, nonce, instrument);
    const command = underTracefs(['bpftrace', '-q', '-f', 'json', '-e', script]);
    const env = {
      ...process.env,
      BPFTRACE_MAP_KEYS_MAX: String(2 * connections + threads * keptWaits),
    };
    const guarded = await spawnGuarded(command, { cwd: '/', env, output: 'pipe' });
    const tracer = new Tracer(guarded, nonce);
    try {
      await tracer.#attached(signal);
    } catch (error) {
      await tracer.close();
      throw error;
    }
    return tracer;
  }

  begin(): void {
    this.#lines = [];
    this.#mark('begin');
  }

  async end(): Promise<SchedulingReading> {
    this.#mark('end');
    await this.#said('end', performance.now() + handOutMs);
    const lines = this.#lines;
    this.#lines = [];
    return readTrace(lines);
  }

  async close(): Promise<void> {
    // Not by SIGTERM, on which it would print all of its maps once more.
    await this.#process.end(0);
  }

  #mark(mark: Mark): void {
    try {
      getPriority(markNumber(this.#nonce, mark));
    } catch {
      // There is no such process, as intended.
    }
  }

  /** Probes are attached one by one: when the first and the last answer, so do all between. */
  async #attached(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + startMs;
    for (const mark of ['first', 'last'] as const) {
      while (!this.#has(mark)) {
        signal.throwIfAborted();
        this.#mustLive(deadline);
        this.#mark(mark);
        await this.#next(askAgainMs);
      }
    }
  }

  async #said(text: string, deadline: number): Promise<void> {
    while (!this.#has(text)) {
      this.#mustLive(deadline);
      await this.#next(askAgainMs);
    }
  }

  #has(text: string): boolean {
    return this.#lines.some(({ type, data }) => type === 'printf' && data === text);
  }

  #mustLive(deadline: number): void {
    const said = lastLines(this.#complaints.text());
    if (this.#gone) throw new InstrumentError(`bpftrace ended: ${said || 'it said nothing'}`);
    if (performance.now() < deadline) return;
    throw new InstrumentError(`bpftrace does not answer${said === '' ? '' : `: ${said}`}`);
  }

  async #next(ms: number): Promise<void> {
    const line = new Promise<void>((resolve) => (this.#arrived = resolve));
    await Promise.race([line, sleep(ms)]);
  }

  #take(text: string): void {
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    const line = traceLineSchema.safeParse(value);
    if (line.success) this.#lines.push(line.data);
    this.#arrived();
  }
}
