import type { ChalkInstance } from 'chalk';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { trialTable, type Column, type Row } from './trial-table.js';
import { formatCount, formatMicros, formatPercent } from './units.js';

/**
 * How each target was scheduled, at the loads of its watched trial: the delay until it took a request,
 * at the low load the median, at shares of the ceiling the mean; and below it that in the kernel + that
 * in its runtime. null where nothing was watched.
 */
export function schedulingTable(
  rows: readonly Row[],
  width: number,
  color: ChalkInstance,
): string | null {
  const watched = rows.filter(({ target }) =>
    target.trials.some((t) => schedulingSteps(t).length > 0),
  );
  if (watched.length === 0) return null;
  const columns = schedulingColumns(watched.map(({ target }) => target.trials));
  return [color.bold(schedulingTitle), trialTable(watched, columns, width, color)].join('\n');
}

const schedulingTitle =
  'Scheduling: from readable to taken (kernel + runtime), the median at the first load, then means';

/** @param trials of each target that was watched */
export function schedulingColumns(trials: readonly (readonly TrialResult[])[]): Column[] {
  const [widest = []] = trials
    .map((each) => each.flatMap(schedulingSteps).map(({ name }) => name))
    .sort((a, b) => b.length - a.length);
  const columns = [...new Set(widest)].flatMap((name, place) => delays(name, place === 0));
  return [...columns, ...otherColumns];
}

/**
 * The recorded phases at each load, the low one first. That one was given in turns, of which one
 * stands for all: that with the median of their median delays.
 */
export function schedulingSteps({ traced, phases }: TrialResult): PhaseResult[] {
  if (!traced) return [];
  const watched = phases.filter(({ kind, server }) => kind === 'latency' && server?.scheduling);
  const turns = watched
    .filter(({ name }) => turnName.test(name))
    .sort((a, b) => delayOf(a) - delayOf(b));
  const middle = turns[Math.floor((turns.length - 1) / 2)];
  const low = middle === undefined ? [] : [{ ...middle, name: middle.name.replace(turnName, '') }];
  return [...low, ...watched.filter(({ name }) => !turnName.test(name))];
}

/** The median at the lowest load, where no request waits for another; null if it was not seen whole. */
export function unloadedDelay(trial: TrialResult): number | null {
  const [lowest] = schedulingSteps(trial);
  if (lowest?.valid !== true || lowest.server?.scheduling?.valid !== true) return null;
  return lowest.server.schedulingDelayUs?.total.p50 ?? null;
}

const turnName = /, turn \d+$/;

function delayOf({ server }: PhaseResult): number {
  return server?.schedulingDelayUs?.total.p50 ?? server?.scheduling?.runQueueDelayMs ?? 0;
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
