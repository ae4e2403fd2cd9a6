import type { Subject } from '../subject.js';
import { figureOf, filledColumns, headingOf, type Column, type Labelled } from '../trial-table.js';
import { phaseColumns, phaseLines, phasesTitle } from '../phases-table.js';
import { requestColumns, requestLines, requestsTitle } from '../requests-table.js';
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
  const lines = subjects.map((subject) => ({
    label: subject.label,
    trials: trialsOf(subject),
    title: markup`${legendMark(looks.get(subject.label))}<span class="name">${subject.label}</span>${validity(subject)}`,
  }));
  return table(caption, 'target', columns, lines);
}

/** Each recorded phase, where there are several of a kind; null elsewhere. */
export function phaseFigures({ subjects }: ReportData): Markup | null {
  const lines = phaseLines(subjects).map((line) => ({
    ...line,
    title: markup`<span class="name">${line.label}</span>`,
  }));
  return table(phasesTitle, 'phase', phaseColumns(lines), lines);
}

/** Each request of each recorded phase, where there are several; null elsewhere. */
export function requestFigures({ subjects }: ReportData): Markup | null {
  const lines = requestLines(subjects).map((line) => ({
    ...line,
    title: markup`<span class="name">${line.label}</span>`,
  }));
  return table(requestsTitle, 'request', requestColumns(lines), lines);
}

interface Line<Trial> extends Labelled<Trial> {
  readonly title: Markup;
}

function table<Trial>(
  caption: string,
  of: string,
  columns: readonly Column<Trial>[],
  lines: readonly Line<Trial>[],
): Markup | null {
  const shown = filledColumns(columns, lines);
  if (shown.length === 0) return null;
  const rows = lines.map(({ title, label, trials }) => ({
    label: title,
    cells: shown.map((column) => cell(column, trials, label)),
  }));
  return dataTable(caption, [of, ...shown.map((column) => headingOf(column, lines))], rows);
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
