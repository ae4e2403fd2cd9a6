import type { ChalkInstance } from 'chalk';
import type { RunResult } from '../results/schema.js';
import { connectionsTable } from './connections-table.js';
import { probeLines } from './probe-lines.js';
import { thresholdLines } from './threshold-lines.js';
import { schedulingTable } from './scheduling-table.js';
import { subjectsOf } from './subject.js';
import { compareNotes, compareTable } from './compare-table.js';

/** One result, or several side by side: for each target a row of each. */
export function compareReport(
  results: readonly RunResult[],
  width: number,
  color: ChalkInstance,
): string {
  const several = results.length > 1;
  const subjects = subjectsOf(results);
  // What was watched is slower for it, and has a table of its own.
  const rows = subjects.map(({ label, target, plain }) => ({
    label,
    target: { ...target, trials: [...plain] },
  }));
  const further = [connectionsTable(rows, width, color), schedulingTable(subjects, width, color)];
  const lines = [
    compareTable(rows, width, color),
    ...further.filter((table) => table !== null),
    ...probeLines(subjects),
  ];
  const warn = (note: string): string => (note.startsWith('!') ? color.yellow(note) : note);
  results.forEach((result, index) => {
    const { id, host, scenario, tool } = result;
    const mark = several ? `[${index + 1}] ` : '';
    lines.push(
      color.dim(
        `${mark}${id}: scenario ${scenario.name}, ${host.cpus} CPUs (${host.cpuModel}), ${host.os}, kernel ${host.kernel}, c1m ${tool.version}`,
      ),
      ...compareNotes(result).map(warn),
      ...thresholdLines(result, color),
    );
  });
  if (several) lines.push(...differences(results).map(warn));
  return lines.join('\n');
}

/** What makes two results hard to compare. */
export function differences(results: readonly RunResult[]): string[] {
  const differ = (of: (result: RunResult) => string): boolean => new Set(results.map(of)).size > 1;
  return [
    ...(differ((r) => r.scenario.hash)
      ? ['! The scenarios differ, so the figures do as well.']
      : []),
    ...(differ((r) => r.host.fingerprint)
      ? ['! The hosts differ, so the figures do as well.']
      : []),
  ];
}
