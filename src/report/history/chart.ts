import { lineChart, type Point as ChartPoint } from '../html/chart/line-chart.js';
import type { Tick } from '../html/chart/frame.js';
import { legend, type Look } from '../html/chart/look.js';
import { figure } from '../html/figure.js';
import { markup, type Markup } from '../html/markup.js';
import { dataTable } from '../html/table.js';
import { formatRange } from '../../basis/format.js';
import type { History, TargetHistory } from './history.js';
import type { Point } from './point.js';
import { timeTicks } from './time-ticks.js';
import { minuteOf, plural } from './words.js';

const valid: Look = { color: 0, dash: 0, mark: 0 };
const notValid: Look = { color: 6, dash: 0, mark: 4 };

/** A target's values by time, with its change points, and all of it as a table. */
export function historyFigure({ metric }: History, target: TargetHistory): Markup {
  const { points, changes, name } = target;
  const measured = points.filter(({ value }) => value !== null);
  const invalid = points.filter(({ state }) => state === 'invalid');
  const at = ({ result }: Point): number => Date.parse(result.startedAt);
  const titled = (point: Point, text: string): string =>
    `${minuteOf(point.result.startedAt)}, ${point.result.id}: ${text}`;
  const line = measured.map((point): ChartPoint => {
    const { value, low, high } = point;
    const title = titled(point, metric.format(value!));
    return { x: at(point), y: value!, low: low!, high: high!, title };
  });
  const crosses = invalid.map((point): ChartPoint => {
    return { x: at(point), y: 0, title: titled(point, `not valid: ${point.note}`) };
  });
  const domain = domainOf(points.map(at));
  const several = measured.some(({ low, high }) => low !== high);
  const events = (changes ?? []).map(({ point }, index): Tick => ({
    at: at(point),
    label: `▲${index + 1}`,
  }));
  const looks = new Map([
    [metric.label, valid],
    ['not valid', notValid],
  ]);
  return figure({
    title: `${metric.label} of ${name} by time`,
    caption: `${metric.better === 'lower' ? 'Lower' : 'Higher'} is better. ${several ? 'A point is the median of a result’s trials, the shade their range. ' : ''}${events.length > 0 ? 'A broken line (▲) marks the first result after a change. ' : ''}`,
    ...(invalid.length > 0 ? { legend: legend([...looks.keys()], looks) } : {}),
    chart: lineChart({
      description: `Line chart: ${metric.label} of ${name} in ${points.length} ${plural(points.length)} from ${minuteOf(points[0]!.result.startedAt)} to ${minuteOf(points.at(-1)!.result.startedAt)}, with ${events.length} change ${events.length === 1 ? 'point' : 'points'}.`,
      vertical: metric.label,
      horizontal: 'when it was measured (UTC)',
      scale: 'linear',
      format: metric.format,
      series: [
        { label: metric.label, look: valid, lines: [line] },
        { label: 'not valid', look: notValid, lines: [], marks: crosses },
      ],
      domain,
      ticks: (narrow) => timeTicks(domain, narrow ? 4 : 8),
      ...(events.length > 0 ? { events } : {}),
      spread: several,
    }),
    table: pointsTable(metric, target),
  });
}

/** A single result has an axis as well. */
function domainOf(times: readonly number[]): [number, number] {
  const [from, to] = [times[0]!, times.at(-1)!];
  return from === to ? [from - 3_600_000, to + 3_600_000] : [from, to];
}

function pointsTable(
  { label, format }: History['metric'],
  { points, changes, name }: TargetHistory,
): Markup {
  const rows = points.map((point) => {
    const { result, value, low, high, trials, state, note } = point;
    const change = (changes ?? []).findIndex((each) => each.point === point);
    const mark = change < 0 ? null : markup`<small>▲${change + 1}</small>`;
    const said = [state === 'invalid' ? 'not valid' : '', note].filter((part) => part !== '');
    return {
      label: markup`${minuteOf(result.startedAt)}${mark}<small>${result.id}</small>${said.length === 0 ? null : markup`<small${state === 'invalid' ? markup` class="invalid"` : null}>${said.join(': ')}</small>`}`,
      cells: [
        value === null ? null : format(value),
        low === null || low === high ? null : formatRange(format(low), format(high!)),
        `${trials.valid} of ${trials.all}`,
        result.tool.version,
      ],
    };
  });
  return dataTable(
    `${label} of ${name}`,
    ['measured (UTC)', 'median', 'range', 'valid trials', 'c1m'],
    rows,
  );
}
