import type { PhaseOutcome } from '../load/outcome.js';
import type { ServerWindow } from '../measure/server-sampler.js';
import type { Warning } from '../results/figures.js';
import {
  InstrumentError,
  type SchedulingInstrument,
  type SchedulingReading,
} from '../scheduling/instrument.js';
import type { Watch } from '../scheduling/start.js';
import { procReading } from './scheduling-figures.js';

/** Reads an instrument phase by phase; one that fails costs its figures, and not the trial. */
export class SchedulingWatch {
  readonly #instrument: SchedulingInstrument | null;
  readonly #fromProc: boolean;
  #failure: string | null = null;
  #reading: SchedulingReading | null = null;

  /** @param instrument `proc`: no more than what is read from /proc anyway */
  constructor(instrument: Watch['instrument']) {
    this.#fromProc = instrument === 'proc';
    this.#instrument = instrument === 'proc' ? null : instrument;
  }

  /** Its phases carry the cost of being watched. */
  get isCostly(): boolean {
    return this.#instrument !== null && this.#failure === null;
  }

  begin(): void {
    this.#reading = null;
    this.#guarded(() => this.#instrument?.begin());
  }

  async end(): Promise<SchedulingReading | null> {
    if (this.#failure !== null || this.#instrument === null) return null;
    try {
      this.#reading = await this.#instrument.end();
    } catch (error) {
      this.#fail(error);
    }
    return this.#reading;
  }

  /** What there is to tell of a phase: what the instrument saw, or /proc. */
  ofWindow(seen: SchedulingReading | null, window: ServerWindow): SchedulingReading | null {
    return this.#fromProc ? procReading(window) : seen;
  }

  warnings({ responses }: PhaseOutcome): Warning[] {
    if (this.#failure !== null) {
      const message = `The scheduling could not be watched to the end: ${this.#failure}`;
      return [{ code: 'scheduling-unwatched', message, remedy: 'Try again, or --sched proc' }];
    }
    const requests = this.#reading?.counted.requests ?? null;
    if (requests === null || this.#reading === null) return [];
    if (requests.taken === 0 && responses > 0) {
      return [
        {
          code: 'scheduling-unseen',
          message: 'No process of this host was seen to read the requests',
          remedy: 'Scheduling is watched where the server runs: run c1m on its host',
        },
      ];
    }
    if (this.#reading.counted.valid) return [];
    const { taken, unseen, unattributed } = requests;
    return [
      {
        code: 'scheduling-incomplete',
        message: `Of ${taken} requests, ${unseen} were not seen to arrive, and ${unattributed} waited for a CPU more often than is kept`,
        remedy: 'Lower the rate, or the number of connections',
      },
    ];
  }

  #guarded(act: () => void): void {
    if (this.#failure !== null) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof InstrumentError)) throw error;
    this.#failure = error.message;
  }
}
