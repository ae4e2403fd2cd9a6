import type { PhaseResult } from '../../../results/figures.js';
import { schedulingSteps } from '../../scheduling-delay.js';
import { rankNote, schedulingColumns, watchedSubjects } from '../../scheduling-table.js';
import { inUnit } from '../../../figures/unit-words.js';
import { unitOfSubjects, type Subject } from '../../subject.js';
import { formatMicros } from '../../../basis/format.js';
import { barChart, type Bar } from '../chart/bar-chart.js';
import { lineChart, type Series } from '../chart/line-chart.js';
import { legend } from '../chart/look.js';
import { figure } from '../figure.js';
import { figuresTable } from '../figures-table.js';
import { markup, type Markup } from '../markup.js';
import type { ReportData } from '../report-data.js';
import { barsFigure } from './bars.js';

/** A target at one of the loads under which it was watched. */
interface Step {
  readonly load: string;
  readonly phase: PhaseResult;
}

/** From readable to taken: kernel and runtime apart, and against the load. */
export function schedulingSection(data: ReportData): Markup | null {
  const watched = watchedSubjects(data.subjects);
  const switches = barsFigure(data, {
    title: inUnit('Context switches per request', unitOfSubjects(data.subjects)),
    caption: 'Voluntary and involuntary, over all threads of the server, at full load.',
    column: 'switches/req',
    order: 'lowest',
  });
  if (watched.length === 0 && switches === null) return null;
  return markup`<section id="scheduling"><h2>Scheduling</h2>${watched.length === 0 ? null : delays(data, watched)}${switches}</section>`;
}

function delays(data: ReportData, watched: readonly Subject[]): Markup | null {
  const columns = schedulingColumns(watched);
  const note = rankNote(columns, watched);
  const table = figuresTable(
    'Scheduling, in trials of their own',
    columns,
    watched,
    data,
    (subject) => subject.watched,
  );
  const measured = watched.flatMap((subject) => {
    const found = subject.watched.flatMap(steps);
    const taken = found.filter(({ phase }) => phase.server?.schedulingDelayUs !== null);
    return taken.length === 0 ? [] : [{ label: subject.label, found: taken }];
  });
  const invalid = watched.some((subject) =>
    subject.watched.flatMap(steps).some(({ phase }) => phase.server?.scheduling?.valid === false),
  );
  return markup`<p>Watched in a trial of its own, since that costs throughput; none of it is in the other figures.${invalid ? ' ?: too much of what happened there was lost to trust the figure.' : null}</p>${
    measured.length === 0
      ? markup`<p>How long a ${inUnit('request', unitOfSubjects(data.subjects))} waited to be taken was not measured here: that needs eBPF, see <code>c1m doctor</code>.</p>`
      : markup`${stacked(data, measured)}${againstLoad(data, measured)}`
  }${table}${note === null ? null : markup`<p>${note}</p>`}`;
}

interface Delayed {
  readonly label: string;
  readonly found: readonly Step[];
}

function stacked(data: ReportData, measured: readonly Delayed[]): Markup {
  const load = measured[0]!.found[0]!.load;
  const bars = measured
    .flatMap(({ label, found }): Bar[] => {
      const step = found.find((each) => each.load === load);
      const delay = step?.phase.server?.schedulingDelayUs;
      if (delay === null || delay === undefined) return [];
      const parts = [delay.kernel.p50, delay.runtime.p50];
      const text = `${isTrusted(step!.phase) ? '' : '? '}${formatMicros(delay.total.p50)}: ${parts.map(formatMicros).join(' + ')}`;
      return [{ label, look: data.looks.get(label)!, parts, spread: null, text }];
    })
    .sort((a, b) => a.parts[0]! + a.parts[1]! - b.parts[0]! - b.parts[1]!);
  return figure({
    title: `Scheduling delay at ${load}`,
    caption:
      'The median time from when a request can be read on the server’s socket until the server takes it; shorter is better. Filled: in the kernel, waiting for a CPU. Outlined: the rest, waiting for the runtime’s own scheduler. Both parts are medians of their own, and need not add up to the whole’s.',
    chart: barChart({
      description: `Stacked bars of the median scheduling delay, kernel + runtime: ${bars.map(({ label, text }) => `${label} ${text}`).join(', ')}.`,
      format: formatMicros,
      bars,
    }),
  });
}

function againstLoad(data: ReportData, measured: readonly Delayed[]): Markup | null {
  const [longest] = [...measured].sort((a, b) => b.found.length - a.found.length);
  const loads = longest!.found.map(({ load }) => load);
  if (loads.length < 2) return null;
  const series = measured.map(({ label, found }): Series => {
    const points = found.flatMap(({ load, phase }) => {
      const delay = phase.server?.schedulingDelayUs;
      const x = loads.indexOf(load);
      return delay === null || delay === undefined || x < 0 || !isTrusted(phase)
        ? []
        : [{ x, y: delay.total.mean }];
    });
    return { label, look: data.looks.get(label)!, lines: [points] };
  });
  return figure({
    title: 'Scheduling delay against load',
    caption:
      'The mean delay as the load grows; a share is of what the target itself could do while it was watched, so each target has a rate of its own there. Loads at which a target’s trial was not valid are left out.',
    legend: legend(
      series.map(({ label }) => label),
      data.looks,
    ),
    chart: lineChart({
      description: `Line chart of the mean scheduling delay at ${loads.join(', ')} for ${series.map(({ label }) => label).join(', ')}.`,
      vertical: 'mean delay',
      horizontal: 'load',
      scale: 'log',
      format: formatMicros,
      series,
      domain: [-0.25, loads.length - 0.75],
      ticks: () => loads.map((label, at) => ({ at, label })),
    }),
  });
}

function steps(trial: Subject['watched'][number]): Step[] {
  return schedulingSteps(trial).map((phase) => ({ load: phase.name, phase }));
}

/** Whether its load was as planned, and enough was seen of what happened. */
function isTrusted({ valid, server }: PhaseResult): boolean {
  return valid && server?.scheduling?.valid === true;
}
