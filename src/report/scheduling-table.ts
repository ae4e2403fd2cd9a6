import type { ChalkInstance } from 'chalk';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { ranksIn } from './ranked-columns.js';
import { schedulingDelay, schedulingSteps } from './scheduling-delay.js';
import type { Subject } from './subject.js';
import { trialTable, type Column } from './trial-table.js';
import { wrapped } from './wrapped.js';
import { formatCount, formatMicros, formatPercent } from '../basis/format.js';

/**
 * How each target was scheduled, at the loads of its watched trial: the delay until it took a request,
 * at the low load the median, at shares of the ceiling the mean; and below it that in the kernel + that
 * in its runtime. null where nothing was watched.
 */
export function schedulingTable(
  subjects: readonly Subject[],
  width: number,
  color: ChalkInstance,
): string | null {
  const rows = watchedSubjects(subjects).map(({ label, target, watched }) => ({
    label,
    target: { ...target, trials: watched },
  }));
  if (rows.length === 0) return null;
  const columns = schedulingColumns(subjects);
  const table = [color.bold(schedulingTitle), trialTable(rows, columns, width, color)];
  const note = rankNote(columns, subjects);
  return [...table, ...(note === null ? [] : wrapped(note, width).map(color.dim))].join('\n');
}

export const schedulingTitle =
  'Scheduling: from readable to taken (kernel + runtime), the median at the first load, then means';

/** How the ranks at the low load were found; null where there are none. */
export function rankNote(columns: readonly Column[], subjects: readonly Subject[]): string | null {
  const ranked = columns.some(({ place }) => subjects.some(({ label }) => place?.(label)));
  if (!ranked) return null;
  return `(1): the rank at the first load, (2~4): one of these, (~): any. Targets are compared turn by turn; a difference counts where it is proven (5 % error for all pairs together) and above ${schedulingDelay.resolution} µs, twice what two processes of one target differ by.`;
}

export function watchedSubjects(subjects: readonly Subject[]): Subject[] {
  return subjects.filter(({ watched }) => watched.some((t) => schedulingSteps(t).length > 0));
}

export function schedulingColumns(subjects: readonly Subject[]): Column[] {
  const [widest = []] = subjects
    .map(({ watched }) => watched.flatMap(schedulingSteps).map(({ name }) => name))
    .sort((a, b) => b.length - a.length);
  const columns = [...new Set(widest)].flatMap((name, place) => delays(name, place === 0));
  const several = new Set(subjects.map(({ result }) => result)).size > 1;
  const places = several ? null : ranksIn(schedulingDelay, subjects);
  const [low, ...others] = columns;
  if (low === undefined || places === null) return [...columns, ...otherColumns];
  return [{ ...low, place: (label) => places.get(label) ?? '' }, ...others, ...otherColumns];
}

function delays(name: string, low: boolean): Column[] {
  const delayAt = (trial: TrialResult) =>
    schedulingSteps(trial).find((phase) => phase.name === name)?.server;
  const figure = low ? 'p50' : 'mean';
  const delay: Column = {
    title: name,
    value: (trial) => delayAt(trial)?.schedulingDelayUs?.total[figure],
    format: formatMicros,
    bound: (trial) => (delayAt(trial)?.scheduling?.valid === false ? '? ' : ''),
    detail: (trial) => {
      const parts = delayAt(trial)?.schedulingDelayUs;
      if (parts === null || parts === undefined) return '';
      return `${formatMicros(parts.kernel[figure])} + ${formatMicros(parts.runtime[figure])}`;
    },
    ...(low ? { prominent: true } : {}),
  };
  if (!low) return [delay];
  const others = (['mean', 'p99'] as const).map((title): Column => ({
    title,
    value: (trial) => delayAt(trial)?.schedulingDelayUs?.total[title],
    format: formatMicros,
  }));
  return [delay, ...others];
}

/** Of the lowest load, where no request waits for another. */
function lowest(trial: TrialResult): PhaseResult | undefined {
  return schedulingSteps(trial)[0];
}

const perRequest = (n: number): string => n.toFixed(2);

const otherColumns: readonly Column[] = [
  {
    title: 'run queue',
    value: (t) => lowest(t)?.server?.scheduling?.runQueueUs?.mean,
    format: formatMicros,
  },
  {
    title: 'switches/s',
    value: (t) => lowest(t)?.server?.scheduling?.contextSwitches?.perSecond,
    format: formatCount,
  },
  {
    title: 'wake-ups/req',
    value: (t) => lowest(t)?.server?.scheduling?.wakeupsPerRequest,
    format: perRequest,
  },
  {
    title: 'syscalls/req',
    value: (t) => lowest(t)?.server?.scheduling?.systemCallsPerRequest,
    format: perRequest,
  },
  { title: 'watching cost', value: costOfWatching, format: formatPercent },
];

/** The share of its requests per second that a target lost to being watched; null if none was seen. */
function costOfWatching({ phases }: TrialResult): number | null {
  const most = (traced: boolean): number | undefined =>
    phases.find((phase) => phase.kind === 'throughput' && phase.traced === traced)?.load
      .requestsPerSecond;
  const [without, watched] = [most(false), most(true)];
  if (without === undefined || watched === undefined || without === 0) return null;
  return 1 - watched / without;
}
