import type { ChalkInstance } from 'chalk';
import type { RequestPart } from '../figures/reading.js';
import type { PhaseResult } from '../results/figures.js';
import { requestColumn } from './figure-column.js';
import { alikePhases } from './phases-table.js';
import { statusColumns } from './status-columns.js';
import { streamColumns } from './stream-columns.js';
import type { Subject } from './subject.js';
import { trialTable, type Column, type Labelled } from './trial-table.js';

export const requestsTitle = 'Each request of the scenario';

export function requestColumns(lines: readonly Labelled<RequestPart>[]): Column<RequestPart>[] {
  const errors = requestColumn('errors');
  return [
    { title: 'weight', value: ({ request }) => request.weight, format: String },
    requestColumn('requestsPerSecond', { prominent: true }),
    errors,
    ...statusColumns(lines, errors, ({ request }) => request.statusCodes),
    requestColumn('p50'),
    requestColumn('p99'),
    requestColumn('p999'),
    requestColumn('max'),
    ...streamColumns(requestColumn),
  ];
}

/** One row for each request of each phase with load; none where scenarios have a single request. */
export function requestLines(subjects: readonly Subject[]): Labelled<RequestPart>[] {
  return subjects.flatMap(({ label, plain }) => {
    const phases = alikePhases(plain);
    return phases.flatMap(({ name, trials }) =>
      linesOf(trials).map((line) => {
        const where = [subjects.length > 1 ? label : '', phases.length > 1 ? name : ''];
        return { ...line, label: [...where, line.label].filter((part) => part !== '').join(', ') };
      }),
    );
  });
}

/** null where no scenario has several requests. */
export function requestsTable(
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string | null {
  return drawn(requestLines(subjects), width, color);
}

/** The same of one phase. */
export function requestsOfPhase(
  phase: PhaseResult,
  width: number,
  color: ChalkInstance,
): string | null {
  return drawn(linesOf([phase]), width, color);
}

/** The requests of a plan keep their places, so the same one of other trials is that in the same place. */
function linesOf(trials: readonly PhaseResult[]): Labelled<RequestPart>[] {
  const [longest = []] = trials
    .map(({ requests }) => requests)
    .toSorted((a, b) => b.length - a.length);
  return longest.map(({ name }, place) => ({
    label: name,
    trials: trials.flatMap((phase) => {
      const request = phase.requests[place];
      return request === undefined ? [] : [{ phase, request }];
    }),
  }));
}

function drawn(
  lines: readonly Labelled<RequestPart>[],
  width: number,
  color: ChalkInstance,
): string | null {
  if (lines.length === 0) return null;
  const rows = lines.map((line) => ({ label: line.label, target: line }));
  const table = trialTable(rows, requestColumns(lines), width, color, 'request');
  return [color.bold(requestsTitle), table].join('\n');
}
