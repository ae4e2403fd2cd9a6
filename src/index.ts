export { compare, type CompareObserver, type CompareOptions } from './experiment/compare.js';
export { run, type Run, type RunOptions } from './experiment/run.js';
export { resultSchema, schemaVersion, type RunResult, type TrialResult } from './results/schema.js';
export type { Distribution } from './results/distribution.js';
export type { PhaseResult, Warning } from './results/figures.js';
