import { unansweredNotes } from '../../compare-table.js';
import { connectionsColumns, holdsMany } from '../../connections-table.js';
import { legend } from '../../legend.js';
import { rankedColumns } from '../../ranked-columns.js';
import { streamTitles } from '../../stream-columns.js';
import { figureOf } from '../../trial-table.js';
import { inUnit } from '../../../figures/unit-words.js';
import { unitOfSubjects } from '../../subject.js';
import type { ReportData } from '../report-data.js';
import { barsFigure } from './bars.js';
import { figuresTable, phaseFigures, requestFigures } from '../figures-table.js';
import { markup, type Markup } from '../markup.js';

/** Each fits the page by itself. */
const tables = [
  { caption: 'Speed', titles: ['requests/s', 'reach', 'deliveries/s', 'p50', 'p99', 'p99.9'] },
  { caption: 'Streams of events', titles: streamTitles },
  { caption: 'Memory', titles: ['RSS idle', 'RSS peak', 'B/conn'] },
];
const further = 'Processor and start-up';

/** Every target's figures, in tables that each fit the page. */
export function tableSection(data: ReportData): Markup {
  const { results, subjects } = data;
  const columns = rankedColumns(results, subjects);
  const holding = subjects.filter(({ plain }) => plain.some(holdsMany));
  const several = subjects.some(({ plain }) => plain.length > 1);
  const has = (mark: string): boolean =>
    columns.some(
      (column) =>
        (column.ranks === 'requestsPerSecond') === (mark === '≥') &&
        subjects.some(({ label, plain }) => figureOf(column, plain, label)?.mark.includes(mark)),
    );
  return markup`<section id="table"><h2>The figures</h2>
<p>${several ? legend(results, subjects, columns).join(' ') : 'Of a single trial each.'}${has('≤') ? ' ≤: c1m itself was late in that share of the sends, so the server may be faster.' : null}${has('≥') ? ' ≥: c1m was the limit, so the server may be faster.' : null}${unansweredNotes(subjects.map(({ target }) => target)).map((note) => ` ${note}`)}</p>
${phaseFigures(data)}
${requestFigures(data)}
${throughputBars(data)}
${tables.map(({ caption, titles }) =>
  figuresTable(
    caption,
    columns.filter(({ title }) => titles.includes(title)),
    subjects,
    data,
  ),
)}
${figuresTable(
  further,
  columns.filter(({ title }) => !tables.some(({ titles }) => titles.includes(title))),
  subjects,
  data,
)}
${holding.length === 0 ? null : figuresTable('Many connections', connectionsColumns, holding, data)}</section>`;
}

/** Where the rate was not given by the scenario. */
function throughputBars(data: ReportData): Markup | null {
  const closed = data.subjects.some(({ plain }) =>
    plain.some(({ load }) => load.offeredPerSecond === null),
  );
  if (!closed || data.subjects.length < 2) return null;
  return barsFigure(data, {
    title: 'Throughput',
    caption: inUnit(
      'Requests per second over connections that are never idle; more is better.',
      unitOfSubjects(data.subjects),
    ),
    column: 'requests/s',
    order: 'highest',
  });
}
