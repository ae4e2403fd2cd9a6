import { Worker } from 'node:worker_threads';
import { nowMicros } from '../basis/clock.js';
import { betweenSections } from '../uring/critical-section.js';
import type { Order, Progress, Report, ShardOutcome, WorkerSetup } from './messages.js';
import { toldOutcome } from './outcome.js';
import type { Interval } from './recorder.js';

const nothing = (): void => undefined;

/** One worker thread, as the coordinator sees it. */
export class LoadWorker {
  /** Rejects with `failure`. */
  readonly ready: Promise<void>;
  /** Why the thread is gone before it was told to go; null: it is not. */
  failure: Error | null = null;
  thread: number | null = null;
  /** Why it could not warm up; null where it could, or was not to. */
  cold: string | null = null;
  progress: Progress = { established: 0, wanted: 0, sent: 0, responses: 0, errors: {} };
  onProgress = nothing;
  onInterval = nothing;
  onFailure = nothing;
  /** Seconds of the running phase of which all is here; infinite when the phase is over. */
  flushed = 0;
  readonly #index: number;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #leaving = false;
  #intervals: { second: number; interval: Interval }[] = [];
  #becameReady = nothing;
  #notReady: (failure: Error) => void = nothing;
  #prepared = nothing;
  /** Null while no phase is prepared or running. */
  #phase: number | null = null;
  #startsAt = Infinity;
  #finished: (outcome: ShardOutcome) => void = nothing;

  constructor(setup: WorkerSetup) {
    this.#index = setup.shard.index;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: setup,
      name: `c1m-load-${this.#index}`,
    });
    this.ready = new Promise((resolve, reject) => {
      this.#becameReady = resolve;
      this.#notReady = reject;
    });
    // Who waits for it hears of it; a failure later is told by other means.
    this.ready.catch(nothing);
    this.#worker.once('error', (error: unknown) => this.#fail(error));
    this.#exited = new Promise((resolve) =>
      this.#worker.once('exit', (code) => {
        this.#fail(new Error(`Its thread ended with the code ${code}`));
        resolve();
      }),
    );
    this.#worker.on('message', (report: Report) => this.#heard(report));
  }

  order(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Resolves at a failure, too. */
  prepare(phase: number): Promise<void> {
    return new Promise((resolve) => {
      this.progress = { ...this.progress, sent: 0, responses: 0, errors: {} };
      this.#phase = phase;
      this.#startsAt = Infinity;
      this.#prepared = resolve;
      if (this.failure !== null) resolve();
      else this.order({ kind: 'prepare', phase });
    });
  }

  /** Of a worker that fails meanwhile, it is what it had told until then. */
  run(at: number): Promise<ShardOutcome> {
    return new Promise((resolve) => {
      this.#finished = resolve;
      this.#startsAt = at;
      this.flushed = 0;
      this.order({ kind: 'begin', at });
    });
  }

  /** Ends the thread if it has not done yet what it was last told to. */
  giveUp(reason: string): void {
    if (this.#phase === null || this.failure !== null) return;
    this.#fail(new Error(reason));
    this.#terminate();
  }

  /** The second that was told of last; −1 before the first. */
  get latest(): number {
    return this.#intervals.at(-1)?.second ?? -1;
  }

  intervalsOf(second: number): Interval[] {
    return this.#intervals.filter((told) => told.second === second).map((told) => told.interval);
  }

  takeIntervals(): { second: number; interval: Interval }[] {
    const intervals = this.#intervals;
    this.#intervals = [];
    return intervals;
  }

  async exit(patienceMillis: number): Promise<void> {
    this.#leaving = true;
    this.order({ kind: 'exit' });
    const killer = setTimeout(() => this.#terminate(), patienceMillis);
    await this.#exited;
    clearTimeout(killer);
  }

  #terminate(): void {
    betweenSections(() => void this.#worker.terminate());
  }

  #heard(report: Report): void {
    // What still comes of a thread that was given up is counted already as far as it may be.
    if (this.failure !== null) return;
    switch (report.kind) {
      case 'ready':
        this.thread = report.thread;
        this.cold = report.cold;
        this.#becameReady();
        break;
      case 'prepared':
        this.#prepared();
        break;
      case 'progress':
        this.progress = report.progress;
        this.onProgress();
        break;
      case 'interval':
        this.#intervals.push(report);
        if (!report.whole) break;
        this.flushed = report.second + 1;
        this.onInterval();
        break;
      case 'finished':
        this.#end(report.outcome);
        break;
    }
  }

  #end(outcome: ShardOutcome): void {
    this.#phase = null;
    this.flushed = Infinity;
    this.onInterval();
    this.#prepared();
    this.#finished(outcome);
  }

  #fail(cause: unknown): void {
    if (this.failure !== null || this.#leaving) return;
    this.failure = new Error(`Load worker ${this.#index} failed`, { cause });
    this.#notReady(this.failure);
    const { progress } = this;
    this.progress = { ...progress, established: 0, wanted: 0 };
    this.#end(toldOutcome(this.#phase ?? 0, progress, Math.max(0, nowMicros() - this.#startsAt)));
    this.onFailure();
  }
}
