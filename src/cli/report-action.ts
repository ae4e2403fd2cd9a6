import chalk from 'chalk';
import { compareReport } from '../report/compare-report.js';
import { runSummary } from '../report/run-summary.js';
import { readStoredResult, type StoredResult } from '../results/stored-result.js';
import { terminalWidth } from './terminal-width.js';
import { writeReport } from './report-file.js';

export interface ReportFlags {
  readonly html?: string;
}

/** Prints the table, or writes what the flags ask for in place of it. */
export async function reportAction(places: readonly string[], flags: ReportFlags): Promise<void> {
  const stored = places.map(readStoredResult);
  if (flags.html === undefined) {
    process.stdout.write(`${terminalReport(stored)}\n`);
    return;
  }
  const { htmlPage } = await import('../report/html/page.js');
  writeReport('--html', flags.html, htmlPage(stored));
}

function terminalReport(stored: readonly StoredResult[]): string {
  const results = stored.map(({ result }) => result);
  const [only] = results;
  return results.length === 1 && only?.kind === 'run'
    ? runSummary(only, chalk)
    : compareReport(results, terminalWidth(), chalk);
}
