import type { PhaseOutcome } from '../load/outcome.js';
import type { Phase, RequestSpec } from '../load/plan.js';
import type { LoggedInterval } from '../latency/log-writer.js';
import { writeIntervalLog } from '../latency/log-writer.js';
import { isValid } from '../figures/warning-classes.js';
import type { MappedMemory } from '../measure/procfs.js';
import type { PhaseResult, ServerFigures, Warning } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import type { SchedulingReading } from '../scheduling/instrument.js';
import { loggedIntervals, loggedRequests, loggedScheduling } from './logged-intervals.js';
import type { LoadedPhase } from './phase-figures.js';
import { trialResult, type Hold } from './trial-result.js';

export interface Trial {
  readonly result: TrialResult;
  /** Whole histograms, as text in HdrHistogram's V2 log format. */
  readonly intervalLog: string;
}

/** What was seen in one recorded phase. */
interface SeenPhase {
  readonly outcome: PhaseOutcome;
  readonly figures: LoadedPhase;
  /** Of the trial's clock. */
  readonly startedAtSeconds: number;
  readonly server: ServerFigures | null;
  readonly scheduling: SchedulingReading | null;
  readonly traced: boolean;
  /** Beside those of the load. */
  readonly warnings: readonly Warning[];
  /** Of an idle hold, after it. */
  readonly memory: MappedMemory | null;
}

/** What a trial measured, phase by phase. */
export class TrialRecord {
  readonly phases: PhaseResult[] = [];
  readonly #intervals: LoggedInterval[] = [];
  readonly #holds: Hold[] = [];
  readonly #requests: readonly RequestSpec[];
  readonly #startedAt = new Date();

  constructor(requests: readonly RequestSpec[]) {
    this.#requests = requests;
  }

  /** How many connections the last phase had. */
  get established(): number {
    return this.phases.at(-1)?.load.connections.established ?? 0;
  }

  add({ name }: Phase, seen: SeenPhase): void {
    const { outcome, figures, startedAtSeconds, server, scheduling, traced, memory } = seen;
    const warnings = [...figures.warnings, ...seen.warnings];
    const valid = isValid(warnings);
    this.phases.push({ ...figures, startedAtSeconds, server, traced, warnings, valid });
    // Of connections that come and go, the memory is that of none.
    if (memory !== null && outcome.failed === 0) {
      this.#holds.push({ ...memory, connections: outcome.established });
    }
    this.#intervals.push(
      ...loggedIntervals(name, outcome, startedAtSeconds),
      ...loggedRequests(name, outcome, this.#requests, startedAtSeconds),
      ...loggedScheduling(name, scheduling, startedAtSeconds, outcome.windowSeconds),
    );
  }

  /**
   * @param complete nobody ended it before its time
   * @param outside what no phase tells of
   */
  finish(index: number, complete: boolean, outside: readonly Warning[]): Trial {
    const startedAt = this.#startedAt;
    return {
      result: trialResult(index, startedAt, complete, this.phases, this.#holds, outside),
      intervalLog: writeIntervalLog(startedAt, this.#intervals),
    };
  }
}
