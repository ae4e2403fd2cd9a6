import Table from 'cli-table3';
import type { CensoredDistribution } from '../results/distribution.js';
import { boundedMicros } from './at-least.js';

export type WaitColumn = readonly [title: string, waits: CensoredDistribution];

const rows = [
  ['mean', 'mean'],
  ['p50', '50 %'],
  ['p75', '75 %'],
  ['p90', '90 %'],
  ['p95', '95 %'],
  ['p99', '99 %'],
  ['p999', '99.9 %'],
  ['p9999', '99.99 %'],
  ['max', 'max'],
] as const;

/** Waits side by side, by mean and percentile. */
export function waitTable(columns: readonly WaitColumn[]): string {
  const table = new Table({
    head: ['', ...columns.map(([title]) => title)],
    colAligns: ['right', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const [statistic, label] of rows) {
    table.push([label, ...columns.map(([, waits]) => boundedMicros(waits, statistic))]);
  }
  return table.toString();
}
