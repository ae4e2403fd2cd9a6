import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from './schema.js';

/** Where a result was put. */
export interface StoredFiles {
  readonly result: string;
  readonly histograms: string;
}

/**
 * Keeps a run's result and its histograms in a folder. The document is written beside its place and
 * moved there, so a full disk or an interrupt never leaves half a result.
 */
export function storeRun(folder: string, result: RunResult, intervalLog: string): StoredFiles {
  mkdirSync(folder, { recursive: true });
  const histograms = `${result.id}.hlog`;
  const trial = result.targets[0]?.trials[0];
  if (trial !== undefined) trial.histograms = histograms;
  const files = {
    result: join(folder, `${result.id}.json`),
    histograms: join(folder, histograms),
  };
  replaceFile(files.histograms, intervalLog);
  replaceFile(files.result, `${JSON.stringify(result, null, 2)}\n`);
  return files;
}

function replaceFile(file: string, text: string): void {
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
