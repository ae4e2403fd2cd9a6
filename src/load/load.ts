import { Worker } from 'node:worker_threads';
import { nowMicros } from '../measure/clock.js';
import type { Order, Progress, Report, ShardOutcome, WorkerSetup } from './messages.js';
import { addNamed, mergeOutcomes, type PhaseOutcome } from './outcome.js';
import { mostConnections, type LoadPlan } from './plan.js';
import type { Interval } from './recorder.js';
import { Reach } from './reach.js';
import { WarmUpPartner } from './warm-up-partner.js';

/** Leaves all workers time to read the order before the clock starts. */
const startMarginMicros = 3_000;
/** How long a worker may be late beyond the plan's own timeouts before it is given up. */
const graceMillis = 5_000;
/** What a worker has to close one connection, at the most. */
const closeMillis = 0.02;

interface LoadObserver {
  /** Summed over the workers, a few times a second. */
  progress(progress: Progress): void;
  /**
   * What all workers did in one second of a recorded phase, as soon as the last of them has told.
   * @param whole false for what is left when the phase ends, which is no second
   */
  second?(second: number, intervals: readonly Interval[], whole: boolean): void;
}

/** A phase whose clock is running. */
interface RunningPhase {
  /** Microseconds of `nowMicros()`. */
  readonly startsAt: number;
  /** The clock has run out, or the last of the requests was answered. */
  readonly windowClosed: Promise<void>;
  /** What is in flight was waited for as well. */
  readonly finished: Promise<PhaseOutcome>;
}

/**
 * The load of one run: one worker thread per shard, which this coordinates and nothing more. The
 * workers keep their connections from phase to phase.
 */
export class Load {
  readonly #plan: LoadPlan;
  readonly #observer: LoadObserver;
  readonly #workers: LoadWorker[];
  readonly #reach = new Reach();
  #stopped = false;
  #running = false;
  #cold: string | null = null;
  /** Seconds of the running phase that the observer knows. */
  #told = 0;

  private constructor(plan: LoadPlan, workers: LoadWorker[], observer: LoadObserver) {
    this.#plan = plan;
    this.#workers = workers;
    this.#observer = observer;
  }

  static async start(plan: LoadPlan, spin: boolean, observer: LoadObserver): Promise<Load> {
    let cold: string | null = null;
    const partner = await WarmUpPartner.start(plan).catch((error: unknown) => {
      // A load that begins cold is better than none.
      cold = error instanceof Error ? error.message : String(error);
      return null;
    });
    const warmUpPort = partner?.port ?? null;
    const workers = Array.from(
      { length: plan.threads },
      (_, index) =>
        new LoadWorker({ plan, spin, warmUpPort, shard: { index, count: plan.threads } }),
    );
    const load = new Load(plan, workers, observer);
    for (const worker of workers) {
      worker.onProgress = () => load.#reportProgress();
      worker.onInterval = () => load.#reportSeconds();
    }
    try {
      await Promise.all(workers.map((worker) => worker.ready));
    } catch (error) {
      await load.close();
      throw error;
    } finally {
      await partner?.stop();
    }
    load.#cold = workers.map((worker) => worker.cold).find((why) => why !== null) ?? cold;
    return load;
  }

  /** Why the workers could not warm up; null where they could, or were not to. */
  get cold(): string | null {
    return this.#cold;
  }

  /** The kernel's ids of the worker threads, null where they cannot be told. */
  get threads(): (number | null)[] {
    return this.#workers.map((worker) => worker.thread);
  }

  /** Opens the connections that the phase begins with, as far as the server lets it. */
  async prepare(phase: number): Promise<void> {
    if (this.#stopped) return;
    this.#reach.start(nowMicros());
    await Promise.race([
      Promise.all(this.#workers.map((worker) => worker.prepare(phase))),
      ...this.#workers.map((worker) => worker.crashed),
    ]);
  }

  begin(phase: number): RunningPhase {
    const startsAt = nowMicros() + startMarginMicros;
    const { durationMicros } = this.#plan.phases[phase]!;
    this.#told = 0;
    this.#running = true;
    const outcomes = Promise.all(this.#workers.map((worker) => worker.run(startsAt)));
    const { timeoutMicros, connectTimeoutMicros } = this.#plan;
    const limit =
      durationMicros === null
        ? null
        : (durationMicros + timeoutMicros + connectTimeoutMicros) / 1000 + graceMillis;
    const finished = Promise.race([
      outcomes.then((shards) => mergeOutcomes(shards, this.#takeIntervals())),
      ...this.#workers.map((worker) => worker.crashed),
      ...(limit === null ? [] : [overdue(limit, outcomes)]),
    ]);
    // Whatever was tried before, it is told of at once.
    this.#giveUpIfHopeless();
    const windowClosed = Promise.race([
      finished.then(() => undefined),
      ...(durationMicros === null ? [] : [sleepUntil(startsAt + durationMicros, finished)]),
    ]);
    return { startsAt, windowClosed, finished };
  }

  /** Opens no more connections; a phase that is being prepared goes on with those there are. */
  settle(): void {
    for (const worker of this.#workers) worker.order({ kind: 'settle' });
  }

  /** Ends the running phase at once; later phases are not begun. */
  stop(): void {
    this.#stopped = true;
    for (const worker of this.#workers) worker.order({ kind: 'stop' });
  }

  /** No connection could ever be opened, to any of the origins. */
  get isHopeless(): boolean {
    return this.#reach.isHopeless(nowMicros());
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Closes all connections and ends the threads; resolves when they are gone. */
  async close(): Promise<void> {
    const patience = graceMillis + mostConnections(this.#plan.phases) * closeMillis;
    await Promise.all(this.#workers.map((worker) => worker.exit(patience)));
  }

  #takeIntervals(): Map<number, Interval[]> {
    const seconds = new Map<number, Interval[]>();
    for (const worker of this.#workers) {
      for (const { second, interval } of worker.takeIntervals()) {
        const list = seconds.get(second);
        if (list === undefined) seconds.set(second, [interval]);
        else list.push(interval);
      }
    }
    return seconds;
  }

  #reportProgress(): void {
    const sum = { established: 0, wanted: 0, sent: 0, responses: 0 };
    for (const { progress } of this.#workers) {
      sum.established += progress.established;
      sum.wanted += progress.wanted;
      sum.sent += progress.sent;
      sum.responses += progress.responses;
    }
    const errors = addNamed(this.#workers.map(({ progress }) => progress.errors));
    const progress = { ...sum, errors };
    this.#reach.note(progress);
    this.#observer.progress(progress);
    this.#giveUpIfHopeless();
  }

  /** Nothing listens there: the phase that runs ends at once. */
  #giveUpIfHopeless(): void {
    if (!this.#running || !this.isHopeless) return;
    this.#running = false;
    for (const worker of this.#workers) worker.order({ kind: 'stop' });
  }

  #reportSeconds(): void {
    if (this.#observer.second === undefined) return;
    const whole = Math.min(...this.#workers.map(({ flushed }) => flushed));
    const last = Math.max(...this.#workers.map(({ latest }) => latest));
    for (; this.#told < whole && this.#told <= last; this.#told++) {
      const intervals = this.#workers.flatMap((worker) => worker.intervalsOf(this.#told));
      this.#observer.second(this.#told, intervals, whole !== Infinity);
    }
  }
}

/** One worker thread, as the coordinator sees it. */
class LoadWorker {
  readonly ready: Promise<void>;
  /** Never resolves; rejects when the thread fails. */
  readonly crashed: Promise<never>;
  thread: number | null = null;
  cold: string | null = null;
  progress: Progress = { established: 0, wanted: 0, sent: 0, responses: 0, errors: {} };
  onProgress: () => void = () => undefined;
  onInterval: () => void = () => undefined;
  /** Seconds of the running phase of which all is here; infinite when the phase is over. */
  flushed = 0;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #intervals: { second: number; interval: Interval }[] = [];
  #prepared: () => void = () => undefined;
  #finished: (outcome: ShardOutcome) => void = () => undefined;

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: setup,
      name: `c1m-load-${setup.shard.index}`,
    });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    let becameReady: () => void;
    const ready = new Promise<void>((resolve) => (becameReady = resolve));
    this.crashed = new Promise((_, reject) => {
      this.#worker.once('error', (error) =>
        reject(new Error(`Load worker ${setup.shard.index} failed`, { cause: error })),
      );
    });
    this.crashed.catch(() => undefined);
    this.ready = Promise.race([ready, this.crashed]);
    this.#worker.on('message', (report: Report) => {
      switch (report.kind) {
        case 'ready':
          this.thread = report.thread;
          this.cold = report.cold;
          becameReady();
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
          this.flushed = Infinity;
          this.onInterval();
          this.#prepared();
          this.#finished(report.outcome);
          break;
      }
    });
  }

  order(order: Order): void {
    this.#worker.postMessage(order);
  }

  prepare(phase: number): Promise<void> {
    return new Promise((resolve) => {
      this.#prepared = resolve;
      this.order({ kind: 'prepare', phase });
    });
  }

  run(at: number): Promise<ShardOutcome> {
    return new Promise((resolve) => {
      this.#finished = resolve;
      this.flushed = 0;
      this.order({ kind: 'begin', at });
    });
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
    this.order({ kind: 'exit' });
    const killer = setTimeout(() => void this.#worker.terminate(), patienceMillis);
    await this.#exited;
    clearTimeout(killer);
  }
}

/** Never settles once `done` is. */
async function overdue(millis: number, done: Promise<unknown>): Promise<never> {
  await sleep(millis, done);
  throw new Error(
    `A load worker did not end its phase within ${(millis / 1000).toFixed(0)} s; it is stuck`,
  );
}

function sleepUntil(micros: number, done: Promise<unknown>): Promise<void> {
  return sleep(Math.max(0, (micros - nowMicros()) / 1000), done);
}

/** Sleeps, but never keeps the process alive once `done` is settled. */
function sleep(millis: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    const cancel = (): void => clearTimeout(timer);
    done.then(cancel, cancel);
  });
}
