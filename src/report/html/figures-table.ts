import type { Subject } from '../subject.js';
import { figureOf, type Column } from '../trial-table.js';
import { phaseColumns, phaseSubjects, phasesTitle } from '../phases-table.js';
import { formatRange } from '../../basis/format.js';
import { legendMark } from './chart/look.js';
import { markup, type Markup } from './markup.js';
import type { ReportData } from './report-data.js';
import { dataTable } from './table.js';

/** Columns that no target has a figure for are left out; null if all are. */
export function figuresTable(
  caption: string,
  columns: readonly Column[],
  subjects: readonly Subject[],
  { looks }: ReportData,
  trialsOf: (subject: Subject) => Subject['plain'] = ({ plain }) => plain,
): Markup | null {
  const shown = columns.filter((column) =>
    subjects.some((subject) => figureOf(column, trialsOf(subject), subject.label) !== null),
  );
  if (shown.length === 0) return null;
  const rows = subjects.map((subject) => ({
    label: markup`${legendMark(looks.get(subject.label))}<span class="name">${subject.label}</span>${validity(subject)}`,
    cells: shown.map((column) => cell(column, trialsOf(subject), subject.label)),
  }));
  return dataTable(caption, ['target', ...shown.map(({ title }) => title)], rows);
}

/** Each recorded phase, where there are several of a kind; null elsewhere. */
export function phaseFigures({ subjects }: ReportData): Markup | null {
  const rows = phaseSubjects(subjects);
  if (rows.length === 0) return null;
  const shown = phaseColumns.filter((column) =>
    rows.some(({ label, phases }) => figureOf(column, phases, label) !== null),
  );
  return dataTable(
    phasesTitle,
    ['phase', ...shown.map(({ title }) => title)],
    rows.map(({ label, phases }) => ({
      label: markup`<span class="name">${label}</span>`,
      cells: shown.map((column) => cell(column, phases, label)),
    })),
  );
}

function cell<Trial>(
  column: Column<Trial>,
  trials: readonly Trial[],
  label: string,
): Markup | null {
  const found = figureOf(column, trials, label);
  if (found === null) return null;
  const { median, mark, place, spread, detail } = found;
  const figure = column.prominent ? markup`<strong>${median}</strong>` : median;
  const below = spread === null ? detail : formatRange(spread.low, spread.high);
  return markup`${place === '' ? null : markup`<span class="place">${place.trim()}</span> `}${mark === '' ? null : markup`<span class="bound">${mark.trim()}</span> `}${figure}${below === '' ? null : markup`<small>${below}</small>`}`;
}

function validity({ plain }: Subject): Markup | null {
  const invalid = plain.filter(({ valid }) => !valid).length;
  if (invalid === 0) return null;
  return markup`<small class="invalid">${invalid === plain.length ? 'not valid' : `${invalid} of ${plain.length} trials not valid`}</small>`;
}
