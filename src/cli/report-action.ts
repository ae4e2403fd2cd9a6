import chalk from 'chalk';
import { compareReport } from '../report/compare-report.js';
import { runSummary } from '../report/run-summary.js';
import { readResult } from '../results/reader.js';
import { terminalWidth } from './terminal-width.js';

export function reportAction(places: readonly string[]): void {
  const results = places.map(readResult);
  const [only] = results;
  const text =
    results.length === 1 && only?.kind === 'run'
      ? runSummary(only, chalk)
      : compareReport(results, terminalWidth(), chalk);
  process.stdout.write(`${text}\n`);
}
