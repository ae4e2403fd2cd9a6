import { compareColumns } from '../../compare-table.js';
import { connectionsColumns, holdsMany } from '../../connections-table.js';
import type { Subject } from '../../subject.js';
import { formatRange } from '../../units.js';
import { figureOf, type Column } from '../../trial-table.js';
import type { ReportData } from '../report-data.js';
import { legendMark } from '../chart/look.js';
import { markup, type Markup } from '../markup.js';
import { dataTable } from '../table.js';

/** Each fits the page by itself. */
const tables = [
  { caption: 'Speed', titles: ['requests/s', 'p50', 'p99', 'p99.9'] },
  { caption: 'Memory', titles: ['RSS idle', 'RSS peak', 'B/conn'] },
];
const further = 'Processor and start-up';

/** Every target's figures, in tables that each fit the page. */
export function tableSection(data: ReportData): Markup {
  const { subjects } = data;
  const holding = subjects.filter(({ plain }) => plain.some(holdsMany));
  const several = subjects.some(({ plain }) => plain.length > 1);
  const bounds = subjects.flatMap(({ plain }) => compareColumns.map((c) => figureOf(c, plain)));
  const has = (mark: string): boolean => bounds.some((found) => found?.mark.includes(mark));
  return markup`<section id="table"><h2>The figures</h2>
<p>${several ? 'The median of the trials, and below it their spread: the lowest and the highest, or, from five trials on, the middle half.' : 'Of a single trial each.'}${has('≤') ? ' ≤: c1m itself was late in that share of the sends, so the server may be faster.' : null}${has('≥') ? ' ≥: c1m was the limit, so the server may be faster.' : null}</p>
${tables.map(({ caption, titles }) =>
  figuresTable(
    caption,
    compareColumns.filter(({ title }) => titles.includes(title)),
    subjects,
    data,
  ),
)}
${figuresTable(
  further,
  compareColumns.filter(({ title }) => !tables.some(({ titles }) => titles.includes(title))),
  subjects,
  data,
)}
${holding.length === 0 ? null : figuresTable('Many connections', connectionsColumns, holding, data)}</section>`;
}

/** Columns that no target has a figure for are left out; null if all are. */
function figuresTable(
  caption: string,
  columns: readonly Column[],
  subjects: readonly Subject[],
  { looks }: ReportData,
  trialsOf: (subject: Subject) => Subject['plain'] = ({ plain }) => plain,
): Markup | null {
  const shown = columns.filter((column) =>
    subjects.some((subject) => figureOf(column, trialsOf(subject)) !== null),
  );
  if (shown.length === 0) return null;
  const rows = subjects.map((subject) => ({
    label: markup`${legendMark(looks.get(subject.label))}<span class="name">${subject.label}</span>${validity(subject)}`,
    cells: shown.map((column) => cell(column, trialsOf(subject))),
  }));
  return dataTable(caption, ['target', ...shown.map(({ title }) => title)], rows);
}

function cell(column: Column, trials: Subject['plain']): Markup | null {
  const found = figureOf(column, trials);
  if (found === null) return null;
  const { median, mark, spread, detail } = found;
  const figure = column.prominent ? markup`<strong>${median}</strong>` : median;
  const below = spread === null ? detail : formatRange(spread.low, spread.high);
  return markup`${mark === '' ? null : markup`<span class="bound">${mark.trim()}</span> `}${figure}${below === '' ? null : markup`<small>${below}</small>`}`;
}

function validity({ plain }: Subject): Markup | null {
  const invalid = plain.filter(({ valid }) => !valid).length;
  if (invalid === 0) return null;
  return markup`<small class="invalid">${invalid === plain.length ? 'not valid' : `${invalid} of ${plain.length} trials not valid`}</small>`;
}
