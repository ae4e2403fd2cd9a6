import { nowMicros } from '../basis/clock.js';
import { addNamed } from '../results/counts.js';
import { LoadWorker } from './load-worker.js';
import type { Progress } from './messages.js';
import type { MissingShard } from '../figures/validity.js';
import { mergeOutcomes, type PhaseOutcome } from './outcome.js';
import { mostConnections, speaksWebSocket, type LoadPlan } from './plan.js';
import type { Interval } from './recorder.js';
import { Reach } from './reach.js';
import { WarmUpPartner } from './warm-up-partner.js';

/** Leaves all workers time to read the order before the clock starts. */
const startMarginMicros = 3_000;
/** How long a worker may be late beyond the plan's own timeouts before it is given up. */
const graceMillis = 5_000;
/** What a worker has to close one connection, at the most. */
const closeMillis = 0.02;
/** How long the others have to end their part of the phase once a worker has failed … */
const stopMillis = 1_000;
/** … and to close their connections. */
const hastyCloseMillis = 500;

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
    if (plan.engine === 'undici') {
      const { refuseUnsendable } = await import('./undici/refusals.js');
      refuseUnsendable(plan);
    } else if (speaksWebSocket(plan)) {
      const { upgradeRequests } = await import('./protocol/websocket/handshake.js');
      upgradeRequests(plan, '');
    } else if (plan.http2) {
      const { refuseConnectionFields } = await import('./protocol/http2/refusals.js');
      refuseConnectionFields(plan.requests);
    }
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
      worker.onFailure = () => load.#lostOne();
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

  /** Workers that failed, and so are missing from what is told from then on. */
  get missing(): MissingShard[] {
    return this.#workers.flatMap(({ failure }, shard) =>
      failure === null ? [] : [{ shard, of: this.#workers.length, failure }],
    );
  }

  /**
   * Opens the connections that the phase begins with, as far as the server lets it. A worker that
   * fails meanwhile stops the load.
   */
  async prepare(phase: number): Promise<void> {
    if (this.#stopped) return;
    this.#reach.start(nowMicros());
    await Promise.all(this.#workers.map((worker) => worker.prepare(phase)));
  }

  /** @throws what a worker has failed with before */
  begin(phase: number): RunningPhase {
    const [missing] = this.missing;
    if (missing !== undefined) throw missing.failure;
    const startsAt = nowMicros() + startMarginMicros;
    const { durationMicros } = this.#plan.phases[phase]!;
    this.#told = 0;
    this.#running = true;
    const outcomes = Promise.all(this.#workers.map((worker) => worker.run(startsAt)));
    if (durationMicros !== null) this.#expect(outcomes, durationMicros);
    // Whatever was tried before, it is told of at once.
    this.#giveUpIfHopeless();
    return {
      startsAt,
      windowClosed: Promise.race([
        outcomes.then(() => undefined),
        ...(durationMicros === null ? [] : [sleepUntil(startsAt + durationMicros, outcomes)]),
      ]),
      finished: outcomes.then((shards) =>
        mergeOutcomes(shards, this.#takeIntervals(), this.missing),
      ),
    };
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
    const patience =
      this.missing.length > 0
        ? hastyCloseMillis
        : graceMillis + mostConnections(this.#plan.phases) * closeMillis;
    await Promise.all(this.#workers.map((worker) => worker.exit(patience)));
  }

  /** What the others do without it is another load: they end, and what was told is kept. */
  #lostOne(): void {
    this.stop();
    const giveUp = (): void => this.#giveUp('It did not end its phase when another worker failed');
    setTimeout(giveUp, stopMillis).unref();
  }

  #expect(outcomes: Promise<unknown>, durationMicros: number): void {
    const { timeoutMicros, connectTimeoutMicros } = this.#plan;
    const millis = (durationMicros + timeoutMicros + connectTimeoutMicros) / 1000 + graceMillis;
    const reason = `It did not end its phase within ${(millis / 1000).toFixed(0)} s: it is stuck`;
    void sleep(millis, outcomes).then(() => this.#giveUp(reason));
  }

  #giveUp(reason: string): void {
    for (const worker of this.#workers) worker.giveUp(reason);
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

function sleepUntil(micros: number, done: Promise<unknown>): Promise<void> {
  return sleep(Math.max(0, (micros - nowMicros()) / 1000), done);
}

/** Never resolves, and keeps no process alive, once `done` is settled. */
function sleep(millis: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    const cancel = (): void => clearTimeout(timer);
    done.then(cancel, cancel);
  });
}
