import { dirname } from 'node:path';
import { readLatencies, type LatencyReading } from '../latency/log-reader.js';
import { ConfigError } from '../basis/problem.js';
import { findResultFile, isLoad, readResultFile } from './reader.js';
import type { RunResult, TrialResult } from '../results/schema.js';

/** A result and the latencies in the logs beside it. */
export interface StoredResult {
  readonly result: RunResult;
  readonly latencies: ReadonlyMap<TrialResult, LatencyReading>;
}

/** Reads a file, or the newest of a folder, with its logs. Throws a ConfigError. */
export function readStoredResult(place: string): StoredResult {
  const file = findResultFile(place);
  const result = readResultFile(file);
  if (!isLoad(result)) {
    const message = `It is a result of c1m ${result.kind}, which has no such report`;
    throw new ConfigError([{ where: file, message, remedy: 'Print it: c1m report FILE' }]);
  }
  const trials = result.targets.flatMap((target) => target.trials);
  return {
    result,
    latencies: new Map(trials.map((trial) => [trial, readLatencies(dirname(file), trial)])),
  };
}
