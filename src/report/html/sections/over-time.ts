import type { ExchangeUnit } from '../../../results/exchange-unit.js';
import type { PhaseResult } from '../../../results/figures.js';
import type { LoggedEvents, LoggedPhase, LoggedSecond } from '../../../latency/log-reader.js';
import { inUnit } from '../../../figures/unit-words.js';
import { unitOfSubjects } from '../../subject.js';
import { formatCount, formatMicros } from '../../../basis/format.js';
import type { Band, Tick } from '../chart/frame.js';
import { lineChart, type Series } from '../chart/line-chart.js';
import { legend } from '../chart/look.js';
import { figure } from '../figure.js';
import { markup, type Markup } from '../markup.js';
import { loggedPhase, middleTrial, preferValid, type ReportData } from '../report-data.js';
import { dataTable } from '../table.js';

/** More points than this would be wider than their line. */
const mostPoints = 240;
/** More marks than this would hide their line. */
const mostMarks = 30;
/** As many seconds are tabulated; the rest is in the log. */
const mostRows = 120;

/** A phase under load, as it is laid out on the axis: one after the other, without what lies between. */
interface Stretch extends Band {
  readonly phase: string;
  /** Of several phases of one name, which. */
  readonly number: number;
}

type Second = Pick<LoggedSecond, 'atSeconds' | 'lengthSeconds'>;

/** What one target did in one stretch. */
interface Trace<Each extends Second> {
  readonly label: string;
  readonly stretch: Stretch;
  readonly seconds: readonly Each[];
}

/** Throughput, latency and events by the second, over the phases under load. */
export function overTimeSection(data: ReportData): Markup | null {
  const chosen = data.subjects.flatMap(({ label, plain }) => {
    const trial = middleTrial(preferValid(plain), ({ load }) => load.requestsPerSecond);
    return trial === null ? [] : [{ label, trial, loaded: underLoad(trial.phases) }];
  });
  const stretches = layOut(chosen.map(({ loaded }) => loaded));
  const tracesOf = <Each extends Second>(of: (phase: LoggedPhase) => readonly Each[]) =>
    chosen.flatMap(({ label, trial, loaded }) =>
      loaded.flatMap((phase): Trace<Each>[] => {
        const number = countBefore(loaded, phase);
        const stretch = stretches.find((s) => s.phase === phase.name && s.number === number);
        const logged = loggedPhase(data, trial, phase);
        if (stretch === undefined || logged === null) return [];
        // What came after the clock had run out has no second to be counted in.
        const whole = of(logged).filter(({ lengthSeconds }) => lengthSeconds > 0);
        return [{ label, stretch, seconds: thinOut(whole) }];
      }),
    );
  const traces = tracesOf(({ seconds }) => seconds);
  const ofEvents = tracesOf(({ events }) => events);
  const figures = [
    ...(isCourse(traces) ? ofAnswers(unitOfSubjects(data.subjects)) : []).map((measure) =>
      timeFigure(data, traces, stretches, measure),
    ),
    ...(isCourse(ofEvents) ? [timeFigure(data, ofEvents, stretches, eventsOverTime)] : []),
  ];
  if (figures.length === 0) return null;
  const several = data.subjects.some(({ plain }) => plain.length > 1);
  const which = several ? ' Of each target the trial whose throughput is in the middle.' : '';
  return markup`<section id="time"><h2>Over time</h2><p>By the second, in the phases under load, one after the other.${which}</p>${figures}</section>`;
}

/** A single second of each is no course of time. */
function isCourse(traces: readonly Trace<Second>[]): boolean {
  return traces.some(({ seconds }) => seconds.length > 1);
}

function ofAnswers(unit: ExchangeUnit): Measure<LoggedSecond>[] {
  return [
    {
      title: 'Throughput over time',
      caption: 'Answers per second; higher is better.',
      vertical: 'answers/s',
      scale: 'linear',
      format: formatCount,
      value: ({ answers, lengthSeconds }) => answers / lengthSeconds,
    },
    {
      title: 'Median latency over time',
      caption: inUnit('Half of the second’s requests took at most so long; lower is better.', unit),
      vertical: 'p50',
      scale: 'log',
      format: formatMicros,
      value: ({ p50 }) => p50,
    },
    {
      title: 'p99 latency over time',
      caption: inUnit(
        'All but one in a hundred of the second’s requests took at most so long; lower is better.',
        unit,
      ),
      vertical: 'p99',
      scale: 'log',
      format: formatMicros,
      value: ({ p99 }) => p99,
    },
  ];
}

const eventsOverTime: Measure<LoggedEvents> = {
  title: 'Events over time',
  caption: 'Events of streams per second; higher is better.',
  vertical: 'events/s',
  scale: 'linear',
  format: formatCount,
  value: ({ events, lengthSeconds }) => events / lengthSeconds,
};

interface Measure<Each extends Second> {
  readonly title: string;
  readonly caption: string;
  readonly vertical: string;
  readonly scale: 'linear' | 'log';
  readonly format: (value: number) => string;
  readonly value: (second: Each) => number;
}

function timeFigure<Each extends Second>(
  { looks }: ReportData,
  traces: readonly Trace<Each>[],
  stretches: readonly Stretch[],
  { title, caption, vertical, scale, format, value }: Measure<Each>,
): Markup {
  const labels = [...new Set(traces.map(({ label }) => label))];
  const series = labels.map((label): Series => {
    const lines = traces
      .filter((trace) => trace.label === label)
      .map(({ stretch, seconds }) =>
        seconds.map((second) => ({
          x: stretch.from + second.atSeconds + second.lengthSeconds / 2,
          y: value(second),
        })),
      );
    const every = Math.ceil(lines.flat().length / mostMarks);
    const marks = lines.flatMap((line) => line.filter((_, index) => index % every === 0));
    return { label, look: looks.get(label)!, lines, marks };
  });
  const end = stretches.at(-1)!.to;
  const rows = traces.flatMap(({ label, stretch, seconds }) =>
    seconds.map((second) => ({
      label: markup`<span class="name">${label}</span>`,
      cells: [stretch.label, second.atSeconds.toFixed(1), format(value(second))],
    })),
  );
  const left = rows.length - mostRows;
  return figure({
    title,
    caption,
    legend: legend(labels, looks),
    chart: lineChart({
      description: `Line chart: ${title.toLowerCase()} of ${labels.join(', ')}, in the phases ${stretches.map(({ label }) => label).join(', ')}.`,
      vertical,
      horizontal: 'seconds since the phase began',
      scale,
      format,
      series,
      domain: [0, end],
      ticks: (narrow) => timeTicks(stretches, end, narrow ? 5 : 12),
      bands: stretches,
    }),
    table: markup`${dataTable(title, ['target', 'phase', 'second', vertical], rows.slice(0, mostRows))}${left > 0 ? markup`<p>And ${left} more, which the .hlog files hold.</p>` : null}`,
  });
}

/** Where nothing but idle holds was recorded, those. */
function underLoad(phases: readonly PhaseResult[]): PhaseResult[] {
  const loaded = phases.filter(({ kind }) => kind !== 'idle');
  return loaded.length > 0 ? loaded : [...phases];
}

function countBefore(phases: readonly PhaseResult[], phase: PhaseResult): number {
  return phases.slice(0, phases.indexOf(phase)).filter(({ name }) => name === phase.name).length;
}

/** Each phase as long as its longest, with a gap between two. */
function layOut(targets: readonly (readonly PhaseResult[])[]): Stretch[] {
  const longest = new Map<string, { phase: string; number: number; seconds: number }>();
  for (const phases of targets) {
    for (const phase of phases) {
      const number = countBefore(phases, phase);
      const key = JSON.stringify([phase.name, number]);
      const seconds = Math.max(longest.get(key)?.seconds ?? 0, phase.load.durationSeconds);
      longest.set(key, { phase: phase.name, number, seconds });
    }
  }
  const all = [...longest.values()];
  const gap = all.reduce((sum, { seconds }) => sum + seconds, 0) * 0.02;
  let from = 0;
  return all.map(({ phase, number, seconds }) => {
    const stretch = { phase, number, label: phase, from, to: from + seconds };
    from += seconds + gap;
    return stretch;
  });
}

function timeTicks(stretches: readonly Stretch[], end: number, most: number): Tick[] {
  const steps = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600,
  ];
  const step = steps.find((each) => end / each <= most) ?? end;
  return stretches.flatMap(({ from, to }) =>
    Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, index) => ({
      at: from + index * step,
      label: `${Number((index * step).toFixed(1))}`,
    })).filter(({ at }, index) => index === 0 || to - at > step * 0.3),
  );
}

/** Every n-th second of a long phase. */
function thinOut<Each>(seconds: readonly Each[]): Each[] {
  const every = Math.ceil(seconds.length / mostPoints);
  return seconds.filter((_, index) => index % every === 0);
}
