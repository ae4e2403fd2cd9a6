import type { PhaseOutcome } from '../load/outcome.js';
import type { Phase } from '../load/plan.js';
import { ProbeSampler } from '../measure/probe/sampler.js';
import { ServerSampler, type ServerWindow } from '../measure/server-sampler.js';
import type { ServerFigures, Warning } from '../results/figures.js';
import type { ProbeFigures } from '../results/probe.js';
import type { SchedulingReading } from '../scheduling/instrument.js';
import type { Watch } from '../scheduling/start.js';
import type { MappedMemory } from '../measure/procfs.js';
import type { RunningServer } from '../subject/running-server.js';
import type { Companion, ObservedServer } from './observation.js';
import { PulseReader } from './pulse.js';
import { SchedulingWatch } from './scheduling-watch.js';
import { serverFigures } from './server-figures.js';

/** What of a trial is watched besides, which costs the server something. */
export interface Watching {
  /** What watches its scheduling: an instrument, or what is read from /proc anyway. */
  readonly scheduling: Watch['instrument'];
  /** Ask its /probe each second, if it has one. */
  readonly probe: boolean;
}

/** What the instruments tell of one window. */
interface InstrumentReading {
  readonly scheduling: SchedulingReading | null;
  readonly probe: ProbeFigures | null;
}

/** Whatever reads a server in a trial, beside the load. */
export class Instruments {
  readonly pulses: PulseReader;
  readonly #server: RunningServer;
  readonly #sampler: ServerSampler | null;
  readonly #probes: ProbeSampler | null;
  readonly #watch: SchedulingWatch;

  constructor(server: RunningServer, { scheduling, probe }: Watching, spin: boolean) {
    const { pids, owned, probeUrls, cpuCount } = server;
    const sampler = pids.length > 0 ? new ServerSampler(pids, { resetPeaks: owned }) : null;
    this.#server = server;
    this.#sampler = sampler;
    this.#probes = probe && probeUrls.length > 0 ? new ProbeSampler(probeUrls) : null;
    this.#watch = new SchedulingWatch(scheduling);
    this.pulses = new PulseReader(sampler === null ? null : { sampler, cpuCount }, spin);
  }

  /** Its phases carry the cost of being watched. */
  get isCostly(): boolean {
    return this.#watch.isCostly;
  }

  /** None, where its processes are not known. */
  get observed(): readonly ObservedServer<ServerWindow>[] {
    const { cpuCount } = this.#server;
    return this.#sampler === null ? [] : [{ reader: this.#sampler, cpuCount }];
  }

  async wake(): Promise<void> {
    await this.#probes?.wake();
  }

  /** Reads over the phase's window; what is not recorded tells nothing, and costs nothing. */
  during(
    phase: Phase,
    threads: readonly (number | null)[],
  ): Companion<Promise<InstrumentReading> | null> {
    return {
      begin: () => {
        if (phase.record) {
          this.#probes?.start();
          this.#watch.begin();
        }
        this.pulses.begin(phase, threads);
      },
      end: () => (phase.record ? this.#read() : null),
    };
  }

  figures(
    window: ServerWindow,
    outcome: PhaseOutcome,
    { scheduling, probe }: InstrumentReading,
  ): ServerFigures {
    const seen = this.#watch.ofWindow(scheduling, window);
    return serverFigures(this.#server, window, outcome, seen, probe);
  }

  warnings(outcome: PhaseOutcome): Warning[] {
    return this.#watch.warnings(outcome);
  }

  /** The kernel stalls the server while it walks its page tables for this. */
  readMemory(): MappedMemory | null {
    return this.#sampler?.readPss() ?? null;
  }

  end(): void {
    this.#probes?.end();
    this.#sampler?.end();
  }

  async #read(): Promise<InstrumentReading> {
    const probed = this.#probes?.finish() ?? Promise.resolve(null);
    const [scheduling, probe] = await Promise.all([this.#watch.end(), probed]);
    return { scheduling, probe };
  }
}
