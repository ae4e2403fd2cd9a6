import { fitLine } from '../../../stats/linear-fit.js';
import { formatBytes, formatCount, formatRange } from '../../../basis/format.js';
import { scaleLinear } from '../chart/d3.js';
import { lineChart, type Series } from '../chart/line-chart.js';
import { legend } from '../chart/look.js';
import { figure } from '../figure.js';
import { markup, type Markup } from '../markup.js';
import { middleTrial, type ReportData } from '../report-data.js';
import { dataTable } from '../table.js';

/** Memory against idle connections, with the line whose slope is the bytes per connection. */
export function memorySection(data: ReportData): Markup | null {
  const fitted = data.subjects.flatMap(({ label, plain }) => {
    const trial = middleTrial(plain, (t) => t.server?.bytesPerConnection?.slope ?? null);
    const memory = trial?.server?.bytesPerConnection;
    if (trial === null || memory === null || memory === undefined) return [];
    const points = memory.holds.map(({ connections, rssBytes }) => ({
      x: connections,
      y: rssBytes,
    }));
    const fit = fitLine(points);
    return fit === null ? [] : [{ label, trial: trial.index + 1, memory, points, fit }];
  });
  if (fitted.length === 0) return null;
  const most = Math.max(...fitted.flatMap(({ points }) => points.map(({ x }) => x)));
  const series = fitted.map(({ label, points, fit }): Series => ({
    label,
    look: data.looks.get(label)!,
    lines: [[0, most].map((x) => ({ x, y: Math.max(0, fit.intercept + fit.slope * x) }))],
    marks: points,
  }));
  const labels = fitted.map(({ label }) => label);
  return markup`<section id="memory"><h2>Memory</h2>${figure({
    title: 'Memory against connections',
    caption:
      'Resident memory of the server while so many connections are open and idle, each served once. The points were measured; the line is the least-squares fit, whose slope is the bytes per connection. Of each target the trial whose slope is in the middle.',
    legend: legend(labels, data.looks),
    chart: lineChart({
      description: `Points and fitted lines: memory against idle connections of ${labels.join(', ')}.`,
      vertical: 'RSS',
      horizontal: 'idle connections',
      scale: 'linear',
      format: formatBytes,
      series,
      domain: [0, most],
      ticks: (narrow) =>
        scaleLinear([0, most], [0, 1])
          .ticks(narrow ? 3 : 6)
          .map((at) => ({ at, label: formatCount(at) })),
    }),
    table: dataTable(
      'Bytes per connection by the fit, with its 95 % interval',
      ['target', 'trial', 'B/conn', '95 % interval', 'R²', 'at no connection', 'holds'],
      fitted.map(({ label, trial, memory, fit }) => ({
        label: markup`<span class="name">${label}</span>`,
        cells: [
          trial,
          formatCount(memory.slope),
          formatRange(formatCount(memory.low), formatCount(memory.high)),
          memory.r2.toFixed(4),
          formatBytes(Math.max(0, fit.intercept)),
          memory.holds
            .map((hold) => `${formatCount(hold.connections)}: ${formatBytes(hold.rssBytes)}`)
            .join(', '),
        ],
      })),
    ),
  })}</section>`;
}
