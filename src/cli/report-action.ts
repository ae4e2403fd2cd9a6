import chalk from 'chalk';
import { compareReport } from '../report/compare-report.js';
import { readResult } from '../results/reader.js';
import { terminalWidth } from './terminal-width.js';

export function reportAction(places: readonly string[]): void {
  process.stdout.write(`${compareReport(places.map(readResult), terminalWidth(), chalk)}\n`);
}
