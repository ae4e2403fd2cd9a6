import type { ChalkInstance } from 'chalk';
import { figureNamed } from '../figures/table.js';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { phaseColumn } from './figure-column.js';
import { streamColumns } from './stream-columns.js';
import { statusColumns } from './status-columns.js';
import type { Subject } from './subject.js';
import { trialTable, type Column, type Labelled } from './trial-table.js';
import { hasSeveralPhases, loadedPhases } from './worst-phase.js';

export const phasesTitle = 'Each phase: the figures of the whole are those of the last of its kind';

export function phaseColumns(lines: readonly Labelled<PhaseResult>[]): Column<PhaseResult>[] {
  const errors = phaseColumn('errors');
  return [
    phaseColumn('requestsPerSecond', { prominent: true }),
    {
      title: 'asked for',
      value: ({ load }) => load.offeredPerSecond,
      format: figureNamed('requestsPerSecond').format,
    },
    { ...phaseColumn('reach'), optional: true },
    errors,
    ...statusColumns(lines, errors, ({ load }) => load.statusCodes),
    phaseColumn('p50'),
    phaseColumn('p99'),
    phaseColumn('p999'),
    phaseColumn('max'),
    ...streamColumns(phaseColumn),
    phaseColumn('cpuUsPerRequest'),
  ];
}

/** One row for each phase with load; none where the figures of the whole are all that there is. */
export function phaseLines(subjects: readonly Subject[]): Labelled<PhaseResult>[] {
  if (!subjects.some(({ plain }) => plain.some(hasSeveralPhases))) return [];
  return subjects.flatMap(({ label, plain }) =>
    alikePhases(plain).map(({ name, trials }) => ({
      label: subjects.length > 1 ? `${label}, ${name}` : name,
      trials,
    })),
  );
}

/** null where no scenario has several phases of a kind. */
export function phasesTable(
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string | null {
  const lines = phaseLines(subjects);
  if (lines.length === 0) return null;
  const rows = lines.map((line) => ({ label: line.label, target: line }));
  const table = trialTable(rows, phaseColumns(lines), width, color, 'phase');
  return [color.bold(phasesTitle), table].join('\n');
}

/** A phase with load, in each of the trials that came to it. */
interface AlikePhases {
  readonly name: string;
  readonly trials: readonly PhaseResult[];
}

/** Two phases may have one name, so the same phase of other trials is that in the same place. */
export function alikePhases(plain: readonly TrialResult[]): AlikePhases[] {
  const all = plain.map(loadedPhases);
  const [longest = []] = all.toSorted((a, b) => b.length - a.length);
  return longest.map(({ name }, place) => ({
    name,
    trials: all.flatMap((phases) => phases[place] ?? []),
  }));
}
