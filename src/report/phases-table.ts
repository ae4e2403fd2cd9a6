import type { ChalkInstance } from 'chalk';
import { figureNamed } from '../figures/table.js';
import type { PhaseResult } from '../results/figures.js';
import { phaseColumn } from './figure-column.js';
import type { Subject } from './subject.js';
import { trialTable, type Column, type Labelled } from './trial-table.js';
import { hasSeveralPhases, loadedPhases } from './worst-phase.js';

export const phasesTitle = 'Each phase: the figures of the whole are those of the last of its kind';

export const phaseColumns: readonly Column<PhaseResult>[] = [
  phaseColumn('requestsPerSecond', { prominent: true }),
  {
    title: 'asked for',
    value: ({ load }) => load.offeredPerSecond,
    format: figureNamed('requestsPerSecond').format,
  },
  phaseColumn('p50'),
  phaseColumn('p99'),
  phaseColumn('p999'),
  phaseColumn('max'),
  phaseColumn('errors'),
  phaseColumn('cpuUsPerRequest'),
];

/** One row for each phase with load; none where the figures of the whole are all that there is. */
export function phaseLines(subjects: readonly Subject[]): Labelled<PhaseResult>[] {
  return subjects.some(({ plain }) => plain.some(hasSeveralPhases))
    ? subjects.flatMap(({ label, plain }) =>
        linesOf(label, plain.map(loadedPhases), subjects.length > 1),
      )
    : [];
}

/** null where no scenario has several phases of a kind. */
export function phasesTable(
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string | null {
  const rows = phaseLines(subjects).map((line) => ({ label: line.label, target: line }));
  if (rows.length === 0) return null;
  return [color.bold(phasesTitle), trialTable(rows, phaseColumns, width, color)].join('\n');
}

/** Two phases may have one name, so the same phase of other trials is that in the same place. */
function linesOf(
  label: string,
  trials: readonly PhaseResult[][],
  named: boolean,
): Labelled<PhaseResult>[] {
  const [longest = []] = trials.toSorted((a, b) => b.length - a.length);
  return longest.map(({ name }, place) => ({
    label: named ? `${label}, ${name}` : name,
    trials: trials.flatMap((phases) => phases[place] ?? []),
  }));
}
