import type { RunResult } from '../results/schema.js';

/** What a run gives. */
export interface Run {
  readonly result: RunResult;
  /** Whole histograms, as text in HdrHistogram's V2 log format. */
  readonly intervalLog: string;
}
