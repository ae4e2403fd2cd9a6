import type { Phase } from '../load/plan.js';
import { countsOf, type Interval } from '../load/recorder.js';
import { nowMicros } from '../basis/clock.js';
import { quantileMicros } from '../latency/quantile.js';
import { OwnThreads, type ThreadTimes } from '../measure/own-threads.js';
import type { ServerMoment, ServerSampler } from '../measure/server-sampler.js';
import { isSaturated } from '../figures/validity.js';
import { kindOf } from './phase-figures.js';

/** One second of a recorded phase, for people to look at while it runs. */
export interface Pulse {
  /** Of the phase's clock, from 0. */
  readonly second: number;
  /** False for what came after the clock, or when it stopped within a second. */
  readonly whole: boolean;
  readonly responses: number;
  /** Null where nothing was answered, nor waited for until its timeout. */
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly generator: {
    /** Of the busiest worker, 1 is a whole CPU; null off Linux, and where workers poll. */
    readonly cpuUtilization: number | null;
    /** Share of the second for which the worker that waited the longest was runnable without a CPU. */
    readonly waitingForCpu: number | null;
    /** How late it sent although a connection was free; null in a closed workload. */
    readonly pacingLagP99Us: number | null;
    /** By the rule that judges the phase at its end, apart from the calibrated ceiling. */
    readonly saturated: boolean;
  };
  /** Null where c1m does not know the server's processes, or may not read them. */
  readonly server: {
    readonly rssBytes: number;
    /** CPU seconds per second. */
    readonly cpus: number | null;
    readonly ofCpus: number;
  } | null;
}

interface PulseServer {
  readonly sampler: ServerSampler;
  readonly cpuCount: number;
}

/** Makes a pulse of what the workers told of a second, and of what /proc says since the last one. */
export class PulseReader {
  readonly #server: PulseServer | null;
  readonly #spin: boolean;
  #phase: Phase | null = null;
  #threads = new OwnThreads([]);
  #readAt = 0;
  #moment: ServerMoment | null = null;

  constructor(server: PulseServer | null, spin: boolean) {
    this.#server = server;
    this.#spin = spin;
  }

  /** The clock of a phase is about to start. */
  begin(phase: Phase, threads: readonly (number | null)[]): void {
    this.#phase = phase;
    this.#threads = new OwnThreads(threads);
    this.#readAt = nowMicros();
    this.#moment = this.#server?.sampler.latest() ?? null;
  }

  read(second: number, intervals: readonly Interval[], whole: boolean): Pulse {
    const { ended, censored } = countsOf(intervals, 'latency');
    const latency = [...ended, ...censored];
    const responses = ended.reduce((sum, counts) => sum + counts.total, 0);
    const server = this.#readServer();
    return {
      second,
      whole: whole && (second + 1) * 1e6 <= (this.#phase?.durationMicros ?? Infinity),
      responses,
      p50Us: latency.length === 0 ? null : quantileMicros(latency, 0.5),
      p99Us: latency.length === 0 ? null : quantileMicros(latency, 0.99),
      generator: this.#readGenerator(intervals, server),
      server,
    };
  }

  #readGenerator(intervals: readonly Interval[], server: Pulse['server']): Pulse['generator'] {
    const now = nowMicros();
    const times = this.#threads.look();
    const millis = (now - this.#readAt) / 1000;
    const most = (of: (times: ThreadTimes) => number): number | null => {
      const shares = times.map((spent) => (spent === null ? null : of(spent) / millis));
      return shares.every((share) => share !== null) ? Math.max(...shares) : null;
    };
    const cpu = most(({ cpuMillis }) => cpuMillis);
    const waitingForCpu = most(({ runQueueMillis }) => runQueueMillis);
    this.#readAt = now;
    const open = this.#phase?.arrival.kind === 'open';
    const cpuUtilization = open && this.#spin ? null : cpu;
    const lag = intervals.map((interval) => interval.pacingLag).filter((c) => c !== undefined);
    const pacingLagP99Us = lag.length === 0 ? null : quantileMicros(lag, 0.99);
    const count = lag.reduce((sum, { total }) => sum + total, 0);
    const pacingLagUs = pacingLagP99Us === null ? null : { count, p99: pacingLagP99Us };
    const saturated =
      this.#phase !== null &&
      isSaturated(kindOf(this.#phase), {
        seconds: millis / 1000,
        generator: { cpuUtilization, pacingLagUs, ceiling: null },
        server: { cpuUtilization: server === null ? null : (server.cpus ?? 0) / server.ofCpus },
      });
    return { cpuUtilization, waitingForCpu, pacingLagP99Us, saturated };
  }

  #readServer(): Pulse['server'] {
    if (this.#server === null) return null;
    const [before, now] = [this.#moment, this.#server.sampler.latest()];
    if (now === null) return null;
    this.#moment = now;
    const seconds = before === null ? 0 : (now.atMicros - before.atMicros) / 1e6;
    const cpus =
      before === null || seconds <= 0 ? null : (now.cpuSeconds - before.cpuSeconds) / seconds;
    return { rssBytes: now.rssBytes, cpus, ofCpus: this.#server.cpuCount };
  }
}
