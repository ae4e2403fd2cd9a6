import type { Failure, RunResult, Skipped } from '../results/schema.js';
import type { Trial } from './trial-record.js';
import type { TrialObserver } from './trial.js';

export interface CompareObserver extends TrialObserver {
  building(target: string): void;
  skipped(skipped: Skipped): void;
  /** A target could not be built, or failed in a trial. The comparison goes on with the rest. */
  failed(result: RunResult, failure: Failure): void;
  trial(target: string, index: number, of: number): void;
  /** Before each trial, watched ones among them: the how-manieth of all of them, from 0. */
  turn(index: number, of: number, target: string): void;
  /** A trial for how it is scheduled begins. */
  watching(target: string): void;
  /** After every trial, so that an interrupt loses nothing. */
  measured(result: RunResult, target: string, trial: Trial): void;
}

/** Takes nothing. */
export const silent: CompareObserver = {
  phase: () => undefined,
  progress: () => undefined,
  building: () => undefined,
  skipped: () => undefined,
  failed: () => undefined,
  trial: () => undefined,
  turn: () => undefined,
  watching: () => undefined,
  measured: () => undefined,
};
