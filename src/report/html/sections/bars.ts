import { summarize } from '../../../stats/sample.js';
import { compareColumns } from '../../compare-table.js';
import { barChart } from '../chart/bar-chart.js';
import { figure } from '../figure.js';
import { figuresTable } from '../figures-table.js';
import type { Markup } from '../markup.js';
import type { ReportData } from '../report-data.js';

interface Bars {
  readonly title: string;
  readonly caption: string;
  /** Of the column of the tables that is drawn. */
  readonly column: string;
  /** Which end is first. */
  readonly order: 'highest' | 'lowest';
  readonly half?: boolean;
}

/** One figure of all targets as bars, in its order; null where none has it. */
export function barsFigure(data: ReportData, bars: Bars): Markup | null {
  const { title, caption, order, half } = bars;
  const column = compareColumns.find((each) => each.title === bars.column)!;
  const { format } = column;
  const drawn = data.subjects
    .flatMap(({ label, plain }) => {
      const sample = summarize(plain.map((trial) => column.value(trial) ?? null));
      if (sample === null) return [];
      const { median, spread, count } = sample;
      const mark = plain.map((trial) => column.bound?.(trial) ?? '').find((text) => text !== '');
      const look = data.looks.get(label)!;
      const text = `${mark ?? ''}${format(median)}`;
      return [{ label, look, parts: [median], spread: count > 1 ? spread : null, text }];
    })
    .sort((a, b) => (order === 'highest' ? 1 : -1) * (b.parts[0]! - a.parts[0]!));
  if (drawn.length === 0) return null;
  const several = drawn.some(({ spread }) => spread !== null);
  return figure({
    title,
    caption: several
      ? `${caption} The thin line is the interval over the trials, as in the table.`
      : caption,
    chart: barChart({
      description: `Bar chart: ${title.toLowerCase()} of ${drawn.map(({ label, text }) => `${label} ${text}`).join(', ')}.`,
      format,
      bars: drawn,
      ...(half === true ? { half } : {}),
    }),
    table: figuresTable(title, [column], data.subjects, data),
  });
}
