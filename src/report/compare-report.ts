import type { ChalkInstance } from 'chalk';
import type { RunResult } from '../results/schema.js';
import { connectionsTable } from './connections-table.js';
import { probeLines } from './probe-lines.js';
import { thresholdLines } from './threshold-lines.js';
import { schedulingTable } from './scheduling-table.js';
import { subjectsOf } from './subject.js';
import { compareNotes } from './compare-table.js';
import { conclusionLines } from './conclusion-lines.js';
import { differences } from './differences.js';
import { legend } from './legend.js';
import { phasesTable } from './phases-table.js';
import { requestsTable } from './requests-table.js';
import { rankedColumns } from './ranked-columns.js';
import { trialTable } from './trial-table.js';
import { wrapped } from './wrapped.js';

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
  const columns = rankedColumns(results, subjects);
  const further = [
    phasesTable(subjects, width, color),
    requestsTable(subjects, width, color),
    connectionsTable(rows, width, color),
    schedulingTable(subjects, width, color),
  ];
  const lines = [
    trialTable(rows, columns, width, color),
    ...further.filter((table) => table !== null),
    ...probeLines(subjects),
    '',
    ...conclusionLines(results, subjects, width, color),
    '',
    ...legend(results, subjects, columns).flatMap((note) => wrapped(note, width)),
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
