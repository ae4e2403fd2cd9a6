export { compare, type CompareObserver, type CompareOptions } from './experiment/compare.js';
export { type Run } from './experiment/run.js';
export { run } from './library/run.js';
export type { Amount, Duration, RunOptions } from './library/run-options.js';
export { resultSchema, schemaVersion, type RunResult, type TrialResult } from './results/schema.js';
export type { Distribution } from './results/distribution.js';
export type { PhaseResult, Warning } from './results/figures.js';
