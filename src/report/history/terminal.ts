import type { ChalkInstance } from 'chalk';
import type { PassedOver } from '../../store/folder.js';
import type { History, TargetHistory } from './history.js';
import { wrapped } from '../wrapped.js';
import { sparkline } from './sparkline.js';
import {
  changeSentence,
  historyNotes,
  isWorse,
  lastSentence,
  methodLines,
  notValidSentence,
  noChangeSentence,
  plural,
  stretchOf,
} from './words.js';

const indent = '  ';

/** A history for the terminal: per target a sparkline, its figures and its change points. */
export function historyReport(
  history: History,
  passedOver: readonly PassedOver[],
  width: number,
  color: ChalkInstance,
): string {
  const { metric, scenario, host, results, targets } = history;
  const write = (text: string, paint = (line: string): string => line): string[] =>
    wrapped(text, width).map((line) => paint(line));
  return [
    ...write(
      `${metric.label} (${metric.better} is better), scenario ${scenario.name}: ${results.length} ${plural(results.length)}, ${stretchOf(history)}`,
      color.bold,
    ),
    ...write(`${host.cpus} CPUs (${host.cpuModel}), ${host.os}, kernel ${host.kernel}`, color.dim),
    ...targets.flatMap((target) => ['', ...targetLines(history, target, width, color)]),
    '',
    ...methodLines(history).flatMap((line) => write(line, color.dim)),
    ...historyNotes(history).flatMap((note) => write(`! ${note}`, color.yellow)),
    ...passedOver.flatMap(({ file, reason }) =>
      write(`! ${file} was passed over: ${reason}.`, color.yellow),
    ),
  ].join('\n');
}

function targetLines(
  history: History,
  target: TargetHistory,
  width: number,
  color: ChalkInstance,
): string[] {
  const write = (text: string): string[] =>
    text === '' ? [] : wrapped(text, width - indent.length).map((line) => indent + line);
  const { points, summary, changes, name } = target;
  const { metric } = history;
  const { format } = metric;
  // The newest, where all do not fit into a line.
  const shown = points.slice(-Math.min(points.length, Math.max(1, width - 2 * indent.length)));
  const marks = (changes ?? []).map((change, index) => ({ change, number: index + 1 }));
  const lines = [color.bold(name), `${indent}${color.cyan(sparkline(shown))}`];
  const marked = marks.flatMap(({ change, number }) => {
    const at = shown.indexOf(change.point);
    return at < 0 ? [] : [{ at, label: `▲${number}` }];
  });
  if (marked.length > 0) lines.push(`${indent}${marksBelow(marked)}`);
  if (shown.length < points.length) {
    lines.push(...write(`The line shows the newest ${shown.length} of ${points.length} results.`));
  }
  if (summary !== null && summary.count > 1) {
    lines.push(
      ...write(
        `first ${format(summary.first)}, last ${format(summary.last)}, median ${format(summary.median)}, lowest ${format(summary.lowest)}, highest ${format(summary.highest)}`,
      ),
    );
  }
  lines.push(...write(lastSentence(metric, target)), ...write(noChangeSentence(history, target)));
  for (const { change, number } of marks) {
    const paint = isWorse(metric, change) ? color.red : color.green;
    lines.push(...write(`▲${number} ${changeSentence(metric, change)}`).map((each) => paint(each)));
  }
  return [...lines, ...write(notValidSentence(target)).map((line) => color.yellow(line))];
}

/** Each mark below its point; one that would run into another is left out, and told of in words. */
function marksBelow(marks: readonly { readonly at: number; readonly label: string }[]): string {
  return marks.reduce(
    (line, { at, label }) => (at < line.length ? line : line.padEnd(at) + label),
    '',
  );
}
