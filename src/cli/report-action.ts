import chalk from 'chalk';
import { compareReport } from '../report/compare-report.js';
import { gateTable } from '../report/gate-table.js';
import { runSummary } from '../report/run-summary.js';
import { wakeupReport } from '../report/wakeup-table.js';
import { readResult } from '../results/reader.js';
import { terminalWidth } from './terminal-width.js';

/** What can stand side by side does; results of `c1m gate` and `c1m wakeup` follow one below the other. */
export function reportAction(places: readonly string[]): void {
  const results = places.map(readResult);
  const wakeups = results.filter((result) => result.kind === 'wakeup');
  const gates = results.filter((result) => result.kind === 'gate');
  const loads = results.filter((result) => result.kind !== 'wakeup' && result.kind !== 'gate');
  const [only] = loads;
  const texts = [
    ...gates.map((result) => gateTable(result, chalk)),
    ...wakeups.map((result) => wakeupReport(result, terminalWidth(), chalk)),
  ];
  if (only !== undefined) {
    texts.unshift(
      loads.length === 1 && only.kind === 'run'
        ? runSummary(only, chalk)
        : compareReport(loads, terminalWidth(), chalk),
    );
  }
  process.stdout.write(`${texts.join('\n\n')}\n`);
}
