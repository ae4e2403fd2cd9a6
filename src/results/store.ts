import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult, TrialResult } from './schema.js';
import type { GateResult } from './gate.js';
import type { WakeupResult } from './wakeup.js';

/** Where a result was put. */
interface StoredFiles {
  readonly result: string;
  readonly histograms: string;
}

/**
 * Keeps a run's result and its histograms in a folder. The document is written beside its place and
 * moved there, so a full disk or an interrupt never leaves half a result.
 */
export function storeRun(folder: string, result: RunResult, intervalLog: string): StoredFiles {
  const histograms = join(folder, `${result.id}.hlog`);
  const trial = result.targets[0]?.trials[0];
  if (trial !== undefined) storeHistograms(folder, trial, `${result.id}.hlog`, intervalLog);
  return { result: storeResult(folder, result), histograms };
}

/** Writes the document as it stands, in place of what is there; returns its file. */
export function storeResult(folder: string, result: RunResult | WakeupResult | GateResult): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${result.id}.json`);
  replaceFile(file, `${JSON.stringify(result, null, 2)}\n`);
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
  replaceFile(join(folder, name), intervalLog);
  trial.histograms = name;
}

function replaceFile(file: string, text: string): void {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
