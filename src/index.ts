export type { CompareObserver } from './experiment/compare-observer.js';
export type { Run } from './experiment/measured-run.js';
export { compare, type CompareOptions } from './library/compare.js';
export type { Amount, Duration } from './library/quantities.js';
export { run } from './library/run.js';
export type { RunOptions } from './library/run-options.js';
export { resultSchema, schemaVersion, type RunResult, type TrialResult } from './results/schema.js';
export type { Distribution } from './results/distribution.js';
export type { PhaseResult, Warning } from './results/figures.js';
