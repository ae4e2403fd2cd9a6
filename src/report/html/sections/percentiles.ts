import type { Histogram } from 'hdr-histogram-js';
import type { LoggedPhase } from '../../../latency/log-reader.js';
import type { PhaseResult } from '../../../results/figures.js';
import type { TrialResult } from '../../../results/schema.js';
import { latencyPhase } from '../../../figures/trial-phases.js';
import { summarize } from '../../../stats/sample.js';
import {
  isLowerBound,
  type BoundFigure,
  type CensoredDistribution,
} from '../../../results/distribution.js';
import { commonUnit, inUnit, waitedFor } from '../../../figures/unit-words.js';
import type { Waited } from '../../../results/exchange-unit.js';
import { unitOfSubjects, type Subject } from '../../subject.js';
import { formatCount, formatMicros } from '../../../basis/format.js';
import { lowerFirst, upperFirst } from '../../../basis/letter-case.js';
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

/** What is waited for. */
interface Waits {
  /** "Latency". */
  readonly title: string;
  /** What there is one wait of each for. */
  readonly counted: string;
  /** Where each wait begins. */
  readonly from: string;
  /** Whether c1m's own lateness may be in the tail. */
  readonly paced: boolean;
  readonly of: (phase: PhaseResult) => CensoredDistribution | null;
  readonly logged: (phase: LoggedPhase) => Histogram | undefined;
}

const latency: Waits = {
  title: 'Latency',
  counted: 'requests',
  from: 'from when each should have started',
  paced: true,
  of: ({ latencyUs }) => latencyUs,
  logged: (phase) => phase.latency,
};

/** Of streams of events: how long the first was waited for, and each of those after it. */
const ofEvents: readonly Waits[] = [
  {
    title: 'Time to the first event',
    counted: 'streams',
    from: 'from when each request should have started',
    paced: true,
    of: ({ events }) => events?.firstEventUs ?? null,
    logged: ({ waits }) => waits.get('firstEvent'),
  },
  {
    title: 'Time between events',
    counted: 'events',
    from: 'from one event of a stream to its next',
    paced: false,
    of: ({ events }) => events?.betweenUs ?? null,
    logged: ({ waits }) => waits.get('betweenEvents'),
  },
];

/** Latency, and where there are streams the waits for events; none where no histogram is there. */
export function percentilesFigures(data: ReportData): Markup[] {
  return [latency, ...ofEvents].flatMap((waits) => percentilesFigure(data, waits) ?? []);
}

/** By percentile on the axis of HdrHistogram's plots, from the whole histograms. */
function percentilesFigure(data: ReportData, waits: Waits): Markup | null {
  const curves = data.subjects.flatMap((subject) => {
    const histograms = preferValid(subject.plain).flatMap((trial) => {
      const phase = latencyPhase(trial);
      const logged = phase === undefined ? null : loggedPhase(data, trial, phase);
      return (logged === null ? undefined : waits.logged(logged)) ?? [];
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
  const counted = inUnit(waits.counted, waitedOf(curves.map(({ subject }) => subject)));
  const title = `${waits.title} by percentile`;
  const late = waits.paced && curves.some(({ subject }) => subject.plain.some(lagsInTail));
  const isBounded = (subject: Subject, bound: BoundFigure): boolean =>
    mayBeHigher(subject, waits, bound);
  const labels = series.map(({ label }) => label);
  return figure({
    title,
    caption: `${load(
      curves.map(({ subject }) => subject),
      waits,
    )} Each step to the right is ten times as rare; lower is better. ${spread ? 'The line is the median of the trials, the band reaches from the lowest to the highest.' : 'Each line is the median of the target’s trials.'}${
      curves.some(({ subject }) => isBounded(subject, 'max'))
        ? ` ${upperFirst(counted)} that were waited for in vain are in it at the time that they were waited for (≥ in the tables).`
        : ''
    }${late ? ' Far to the right, c1m’s own lateness is in them (≤ in the table).' : ''}${data.subjects.some(({ plain }) => plain.some(({ valid }) => !valid)) ? ' Trials that are not valid are drawn only where a target has no other.' : ''}`,
    legend: legend(labels, data.looks),
    chart: lineChart({
      description: `Line chart of ${lowerFirst(waits.title)} against percentile for ${labels.join(', ')}. The figures are in the table below.`,
      vertical: lowerFirst(waits.title),
      horizontal: `share of ${counted} that were at least as fast`,
      scale: 'log',
      format: formatMicros,
      series,
      domain: [0, end],
      ticks: (narrow) => percentileTicks(end, narrow),
      spread,
    }),
    table: dataTable(
      `${title}, median of the trials`,
      ['target', ...tabulated.map(([share]) => (share === 100 ? 'max' : `${share} %`))],
      curves.map(({ subject, histograms }) => ({
        label: markup`<span class="name">${subject.label}</span>`,
        cells: tabulated.map(
          ([share, bound]) =>
            `${isBounded(subject, bound) ? '≥ ' : ''}${formatMicros(valueAt(histograms, share).median)}`,
        ),
      })),
    ),
  });
}

/** Of a fan-out they are deliveries. */
function waitedOf(subjects: readonly Subject[]): Waited {
  return commonUnit(subjects.flatMap(({ plain }) => plain.map(({ load }) => waitedFor(load))));
}

/** The line shows what requests without an answer have taken at least. */
function mayBeHigher({ plain }: Subject, { of }: Waits, bound: BoundFigure): boolean {
  return preferValid(plain).some((trial) => {
    const phase = latencyPhase(trial);
    return phase !== undefined && isLowerBound(of(phase), bound);
  });
}

function lagsInTail({ warnings }: TrialResult): boolean {
  return warnings.some(({ code }) => code === 'generator-lag-in-tail');
}

function load(subjects: readonly Subject[], { from }: Waits): string {
  const phases = subjects.flatMap(({ plain }) => plain.flatMap((t) => latencyPhase(t) ?? []));
  const rates = new Set(phases.map((phase) => phase.load.offeredPerSecond));
  const [rate] = rates;
  if (rates.size === 1 && typeof rate === 'number') {
    return `At ${formatCount(rate)} ${inUnit('requests', unitOfSubjects(subjects))} per second, ${from}.`;
  }
  if (rates.size === 1) return `With connections that were never idle, ${from}.`;
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
