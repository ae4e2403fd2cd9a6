import type { Histogram } from 'hdr-histogram-js';
import type { TrialResult } from '../../../results/schema.js';
import { latencyPhase } from '../../../figures/trial-phases.js';
import { summarize } from '../../../stats/sample.js';
import { isLowerBound, type BoundFigure } from '../../../results/distribution.js';
import { inUnit } from '../../../figures/unit-words.js';
import { unitOfSubjects, type Subject } from '../../subject.js';
import { formatCount, formatMicros } from '../../../basis/format.js';
import { legend } from '../chart/look.js';
import { lineChart, type Point, type Series } from '../chart/line-chart.js';
import type { Tick } from '../chart/frame.js';
import { figure } from '../figure.js';
import { markup, type Markup } from '../markup.js';
import { loggedPhase, preferValid, type ReportData } from '../report-data.js';
import { dataTable } from '../table.js';

/** Where the axis is labelled: each step is ten times as rare. */
const shares = [0, 90, 99, 99.9, 99.99, 99.999, 99.9999];
const tabulated = [
  [50, 'p50'],
  [75, 'p75'],
  [90, 'p90'],
  [95, 'p95'],
  [99, 'p99'],
  [99.9, 'p999'],
  [99.99, 'p9999'],
  [100, 'max'],
] as const satisfies readonly (readonly [number, BoundFigure])[];
const stepsPerDecade = 24;
/** So many bands lie on each other legibly. */
const mostSpreads = 4;

/** Latency by percentile on the axis of HdrHistogram's plots, from the whole histograms. */
export function percentilesFigure(data: ReportData): Markup | null {
  const curves = data.subjects.flatMap((subject) => {
    const histograms = preferValid(subject.plain).flatMap((trial) => {
      const phase = latencyPhase(trial);
      const logged = phase === undefined ? null : loggedPhase(data, trial, phase);
      return logged === null ? [] : [logged.latency];
    });
    return histograms.length === 0 ? [] : [{ subject, histograms }];
  });
  if (curves.length === 0) return null;
  const series = curves.map(({ subject, histograms }): Series => ({
    label: subject.label,
    look: data.looks.get(subject.label)!,
    lines: [curve(histograms)],
    marks: shares
      .filter((share) => share > 0 && reaches(histograms, share))
      .map((share) => at(histograms, share)),
  }));
  const end = Math.max(...series.flatMap(({ lines }) => lines.flat().map(({ x }) => x)));
  const spread =
    curves.length <= mostSpreads && curves.some(({ histograms }) => histograms.length > 1);
  const unit = unitOfSubjects(data.subjects);
  const late = curves.some(({ subject }) => subject.plain.some(lagsInTail));
  const labels = series.map(({ label }) => label);
  return figure({
    title: 'Latency by percentile',
    caption: `${load(curves.map(({ subject }) => subject))} Each step to the right is ten times as rare; lower is better. ${spread ? 'The line is the median of the trials, the band reaches from the lowest to the highest.' : 'Each line is the median of the target’s trials.'}${
      curves.some(({ subject }) => mayBeHigher(subject, 'max'))
        ? inUnit(
            ' Requests that were not answered are in it at the time that they were waited for (≥ in the tables).',
            unit,
          )
        : ''
    }${late ? ' Far to the right, c1m’s own lateness is in them (≤ in the table).' : ''}${data.subjects.some(({ plain }) => plain.some(({ valid }) => !valid)) ? ' Trials that are not valid are drawn only where a target has no other.' : ''}`,
    legend: legend(labels, data.looks),
    chart: lineChart({
      description: `Line chart of latency against percentile for ${labels.join(', ')}. The figures are in the table below.`,
      vertical: 'latency',
      horizontal: inUnit('share of requests that were at least as fast', unit),
      scale: 'log',
      format: formatMicros,
      series,
      domain: [0, end],
      ticks: (narrow) => percentileTicks(end, narrow),
      spread,
    }),
    table: dataTable(
      'Latency by percentile, median of the trials',
      ['target', ...tabulated.map(([share]) => (share === 100 ? 'max' : `${share} %`))],
      curves.map(({ subject, histograms }) => ({
        label: markup`<span class="name">${subject.label}</span>`,
        cells: tabulated.map(
          ([share, bound]) =>
            `${mayBeHigher(subject, bound) ? '≥ ' : ''}${formatMicros(valueAt(histograms, share).median)}`,
        ),
      })),
    ),
  });
}

/** The line shows what requests without an answer have taken at least. */
function mayBeHigher({ plain }: Subject, bound: BoundFigure): boolean {
  return preferValid(plain).some((trial) => isLowerBound(latencyPhase(trial)?.latencyUs, bound));
}

function lagsInTail({ warnings }: TrialResult): boolean {
  return warnings.some(({ code }) => code === 'generator-lag-in-tail');
}

function load(subjects: readonly Subject[]): string {
  const phases = subjects.flatMap(({ plain }) => plain.flatMap((t) => latencyPhase(t) ?? []));
  const rates = new Set(phases.map((phase) => phase.load.offeredPerSecond));
  const [rate] = rates;
  if (rates.size === 1 && typeof rate === 'number') {
    return `At ${formatCount(rate)} ${inUnit('requests', unitOfSubjects(subjects))} per second, from when each should have started.`;
  }
  if (rates.size === 1) return 'With connections that were never idle.';
  return 'Each at a rate of its own, so the targets are not comparable.';
}

/** The HDR axis: 0 is the median’s half, 1 is 90 %, 2 is 99 % … */
function place(share: number): number {
  return -Math.log10(1 - share / 100);
}

function curve(histograms: readonly Histogram[]): Point[] {
  const end = Math.log10(Math.min(...histograms.map(({ totalCount }) => totalCount)));
  const steps = Math.max(1, Math.ceil(end * stepsPerDecade));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const x = Math.min(step / stepsPerDecade, end);
    return { ...at(histograms, 100 * (1 - 10 ** -x)), x };
  });
}

/** A percentile is only known if at least one request lies beyond it. */
function reaches(histograms: readonly Histogram[], share: number): boolean {
  return histograms.every(({ totalCount }) => totalCount * (1 - share / 100) >= 1 - 1e-9);
}

function at(histograms: readonly Histogram[], share: number): Point {
  const { median, min, max } = valueAt(histograms, share);
  return { x: place(share), y: median, low: min, high: max };
}

function valueAt(
  histograms: readonly Histogram[],
  share: number,
): { median: number; min: number; max: number } {
  return summarize(
    histograms.map((histogram) =>
      share === 100 ? histogram.maxValue : histogram.getValueAtPercentile(share),
    ),
  )!;
}

function percentileTicks(end: number, narrow: boolean): Tick[] {
  const known = shares.filter((share) => place(share) <= end + 0.01);
  const all = known.map((share) => ({ at: place(share), label: `${share} %` }));
  // Half of the requests belongs on every such axis, and has room where it is wide.
  return narrow ? all : [...all, { at: place(50), label: '50 %' }];
}
