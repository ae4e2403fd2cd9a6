import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import { allowedOf, gateHeadline, gateMethod, wordsOf } from './gate-words.js';
import { intervalOf, metricLabel, percentChange } from './metric-words.js';
import type { GateResult } from '../results/gate.js';

/** What a gate found, for people at a terminal. */
export function gateTable(result: GateResult, color: ChalkInstance): string {
  const { base, head, cpus, metrics, warnings, purpose, unit } = result;
  const judges = purpose === 'gate';
  const last = judges ? ['allowed', 'verdict'] : ['difference'];
  const table = new Table({
    head: ['', 'head ÷ base', 'interval', ...last].map((title) => color.bold(title)),
    colAligns: ['left', 'right', 'right', ...(judges ? (['right'] as const) : []), 'left'],
    style: { head: [], border: [] },
  });
  for (const metric of metrics) {
    const paint = colorOf(metric.verdict, color);
    table.push([
      color.bold(metricLabel(metric.name, unit)),
      metric.ratio === null ? '–' : percentChange(metric.ratio),
      intervalOf(metric) ?? '–',
      ...(judges ? [allowedOf(metric)] : []),
      paint(wordsOf(metric, purpose)),
    ]);
  }
  const lines = [
    `base  ${base.label}`,
    `head  ${head.label}`,
    ...(metrics.length === 0 ? [] : [table.toString()]),
    colorOf(result.verdict, color).bold(gateHeadline(result)),
    ...result.reasons.map((reason) => color.yellow(`! ${reason}`)),
    color.dim(
      `${gateMethod(result)}; load on CPU ${cpus.load ?? '?'}, servers on CPU ${cpus.target ?? '?'}`,
    ),
    ...warnings.map(({ message, remedy }) => color.yellow(`! ${message}. ${remedy}.`)),
  ];
  return lines.join('\n').replace(/[┌─┬┐│├┼┤└┴┘]+/g, (frame) => color.dim(frame));
}

function colorOf(verdict: GateResult['verdict'], color: ChalkInstance): ChalkInstance {
  switch (verdict) {
    case 'pass':
    case 'improvement':
      return color.green;
    case 'regression':
      return color.red;
    case 'inconclusive':
    case 'invalid':
    case 'no-baseline':
      return color.yellow;
  }
}
