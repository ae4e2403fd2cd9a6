import type { ChalkInstance } from 'chalk';
import { readPhase } from '../figures/reading.js';
import { figureNamed, type FigureName } from '../figures/table.js';
import type { PhaseResult } from '../results/figures.js';
import { boundMarks } from './figure-column.js';
import type { Subject } from './subject.js';
import { trialTable, type Column } from './trial-table.js';
import { hasSeveralPhases, loadedPhases } from './worst-phase.js';

/** A recorded phase with load, of each trial of a target. */
interface PhaseSubject {
  readonly label: string;
  readonly phases: readonly PhaseResult[];
}

export const phasesTitle = 'Each phase: the figures of the whole are those of the last of its kind';

export const phaseColumns: readonly Column<PhaseResult>[] = [
  { ...phaseColumn('requestsPerSecond'), prominent: true },
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
export function phaseSubjects(subjects: readonly Subject[]): PhaseSubject[] {
  return subjects.some(({ plain }) => plain.some(hasSeveralPhases))
    ? subjects.flatMap(({ label, plain }) =>
        rowsOf(label, plain.map(loadedPhases), subjects.length > 1),
      )
    : [];
}

/** null where no scenario has several phases of a kind. */
export function phasesTable(
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string | null {
  const rows = phaseSubjects(subjects).map(({ label, phases }) => ({
    label,
    target: { trials: phases },
  }));
  if (rows.length === 0) return null;
  return [color.bold(phasesTitle), trialTable(rows, phaseColumns, width, color)].join('\n');
}

function phaseColumn(name: FigureName): Column<PhaseResult> {
  const figure = figureNamed(name);
  return {
    title: figure.title,
    value: (phase) => readPhase(figure, phase)?.value,
    trust: (phase) => readPhase(figure, phase)?.trust ?? 'invalid',
    bound: (phase) => boundMarks[readPhase(figure, phase)?.bound ?? 'exact'],
    format: figure.format,
  };
}

/** Two phases may have one name, so the same phase of other trials is that in the same place. */
function rowsOf(label: string, trials: readonly PhaseResult[][], named: boolean): PhaseSubject[] {
  const [longest = []] = trials.toSorted((a, b) => b.length - a.length);
  return longest.map(({ name }, place) => ({
    label: named ? `${label}, ${name}` : name,
    phases: trials.flatMap((phases) => phases[place] ?? []),
  }));
}
