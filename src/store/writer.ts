import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../process/whole-file.js';
import type { ClaimsResult } from '../results/claims.js';
import type { RunResult, TrialResult } from '../results/schema.js';
import type { GateResult } from '../results/gate.js';
import type { WakeupResult } from '../results/wakeup.js';

/** Where a result was put. */
interface StoredFiles {
  readonly result: string;
  readonly histograms: string;
}

/**
 * Keeps a run's result and its histograms in a folder. A full disk or an interrupt never leaves half
 * of one.
 */
export function storeRun(folder: string, result: RunResult, intervalLog: string): StoredFiles {
  const histograms = join(folder, `${result.id}.hlog`);
  const trial = result.targets[0]?.trials[0];
  if (trial !== undefined) storeHistograms(folder, trial, `${result.id}.hlog`, intervalLog);
  return { result: storeResult(folder, result), histograms };
}

/** Writes the document as it stands, in place of what is there; returns its file. */
export function storeResult(
  folder: string,
  result: RunResult | WakeupResult | GateResult | ClaimsResult,
): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.id}.json`);
  writeWhole(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** Writes a trial's histograms beside the document, and notes their name in the trial. */
export function storeHistograms(
  folder: string,
  trial: TrialResult,
  name: string,
  intervalLog: string,
): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, name), intervalLog);
  trial.histograms = name;
}
