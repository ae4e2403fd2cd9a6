import type { ProbeFigures } from '../../results/probe.js';
import { nowMicros } from '../../basis/clock.js';
import { ProbeError } from './answer.js';
import { askProbe } from './ask.js';
import { overTheWindow, type ProbeSample } from './difference.js';

interface ProbeSamplerOptions {
  /** Between questions to one replica, in milliseconds. */
  readonly intervalMs?: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A runtime that begins to watch itself with the first question may take its time for that. */
const wakingMs = 5_000;

/**
 * Asks the probe of each replica at both ends of a window and once a second within it, one question
 * at a time. What goes wrong is counted, never thrown. Costs this thread a millisecond a question
 * or so; what it costs the target is the target's to say (docs/measuring.md).
 */
export class ProbeSampler {
  readonly #urls: readonly string[];
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #replicas: ReplicaProbe[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param urls of the probes, with their path; one per replica */
  constructor(urls: readonly string[], options: ProbeSamplerOptions = {}) {
    this.#urls = urls;
    this.#intervalMs = options.intervalMs ?? 1_000;
    this.#timeoutMs = options.timeoutMs ?? 1_000;
  }

  /** Asks each once, and forgets the answer, so that the first question's cost is in no window. */
  async wake(): Promise<void> {
    await Promise.allSettled(this.#urls.map((url) => askProbe(url, wakingMs)));
  }

  /** Begins a window: the first samples are taken at once, nothing before counts. */
  start(): void {
    this.end();
    const startedAtMicros = nowMicros();
    const probes = this.#urls.map((url) => new ReplicaProbe(url, this.#timeoutMs, startedAtMicros));
    this.#replicas = probes;
    const ask = (): void => {
      for (const probe of probes) void probe.askUnlessWaiting();
    };
    this.#timer = setInterval(ask, this.#intervalMs).unref();
    ask();
  }

  /** Takes the last samples and ends the window. Takes two time-outs at the most. Never rejects. */
  async finish(): Promise<ProbeFigures> {
    this.end();
    const replicas = this.#replicas;
    await Promise.all(replicas.map((probe) => probe.askLast()));
    return {
      ...overTheWindow(replicas.map(({ samples }) => samples)),
      missed: replicas.reduce((sum, { missed }) => sum + missed, 0),
      problem: replicas.map(({ problem }) => problem).find((problem) => problem !== null) ?? null,
    };
  }

  /** Asks no more. May be called at any time, and again. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** One replica's samples in one window. */
class ReplicaProbe {
  readonly samples: ProbeSample[] = [];
  missed = 0;
  problem: string | null = null;
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #startedAtMicros: number;
  #asking: Promise<void> | null = null;

  constructor(url: string, timeoutMs: number, startedAtMicros: number) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
    this.#startedAtMicros = startedAtMicros;
  }

  /** A question that still waits for its answer stands for this one as well. */
  async askUnlessWaiting(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
  }

  async askLast(): Promise<void> {
    await this.#asking;
    await this.askUnlessWaiting();
  }

  async #ask(): Promise<void> {
    try {
      const answer = await askProbe(this.#url, this.#timeoutMs);
      this.samples.push({ atSeconds: (nowMicros() - this.#startedAtMicros) / 1e6, answer });
    } catch (error) {
      this.missed += 1;
      this.problem = error instanceof ProbeError ? error.message : String(error);
    }
  }
}
