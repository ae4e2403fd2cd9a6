import type { ChalkInstance } from 'chalk';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { summarize } from '../stats/sample.js';
import { trialTable, type Column, type Row } from './trial-table.js';
import { formatCount, formatMicros, formatPercent } from './units.js';

/**
 * How each target was scheduled, at the loads of its watched trial: the mean delay until it took a
 * request, and below it that in the kernel + that in its runtime. null where nothing was watched.
 */
export function schedulingTable(
  rows: readonly Row[],
  width: number,
  color: ChalkInstance,
): string | null {
  const watched = rows.filter(({ target }) =>
    target.trials.some((trial) => watchedPhases(trial).length > 0),
  );
  if (watched.length === 0) return null;
  const trials = watched.flatMap(({ target }) => target.trials);
  const shares = new Set(trials.flatMap(steps).map(({ name }) => name));
  const [low] = trials.flatMap(turnsOf);
  const columns = [
    ...(low === undefined ? [] : atLowLoad(low.name.replace(turn, ''))),
    ...[...shares].map(atShare),
  ];
  return [
    color.bold('Scheduling: from readable to taken, mean (kernel + runtime), by load'),
    trialTable(watched, [...columns, ...otherColumns], width, color),
  ].join('\n');
}

/** The recorded phases at shares of the target's own ceiling. */
function steps(trial: TrialResult): PhaseResult[] {
  return watchedPhases(trial).filter(({ name }) => !turn.test(name));
}

/** Those at the low load, which all targets had by turns. */
function turnsOf(trial: TrialResult): PhaseResult[] {
  return watchedPhases(trial).filter(({ name }) => turn.test(name));
}

const turn = /, turn \d+$/;

function watchedPhases({ traced, phases }: TrialResult): PhaseResult[] {
  return traced
    ? phases.filter(({ kind, server }) => kind === 'latency' && server?.scheduling)
    : [];
}

/** Over the turns of a trial: a turn in which the host was disturbed counts as one. */
function overTurns(of: (phase: PhaseResult) => number | null | undefined) {
  return (trial: TrialResult): number | null =>
    summarize(turnsOf(trial).map((phase) => of(phase) ?? null))?.median ?? null;
}

function atLowLoad(name: string): Column[] {
  const part = (of: 'total' | 'kernel' | 'runtime', figure: 'mean' | 'p50' | 'p99') =>
    overTurns((phase) => phase.server?.schedulingDelayUs?.[of][figure]);
  return [
    {
      title: name,
      value: part('total', 'mean'),
      format: formatMicros,
      detail: (trial) => {
        const [kernel, runtime] = [part('kernel', 'mean')(trial), part('runtime', 'mean')(trial)];
        if (kernel === null || runtime === null) return '';
        return `${formatMicros(kernel)} + ${formatMicros(runtime)}`;
      },
      prominent: true,
    },
    { title: 'p50', value: part('total', 'p50'), format: formatMicros },
    { title: 'p99', value: part('total', 'p99'), format: formatMicros },
  ];
}

function atShare(name: string): Column {
  const at = (trial: TrialResult): PhaseResult | undefined =>
    steps(trial).find((phase) => phase.name === name);
  return {
    title: name,
    value: (trial) => at(trial)?.server?.schedulingDelayUs?.total.mean,
    format: formatMicros,
    bound: (trial) => (at(trial)?.server?.scheduling?.valid === false ? '? ' : ''),
    detail: (trial) => {
      const delay = at(trial)?.server?.schedulingDelayUs;
      if (delay === null || delay === undefined) return '';
      return `${formatMicros(delay.kernel.mean)} + ${formatMicros(delay.runtime.mean)}`;
    },
  };
}

const perRequest = (n: number): string => n.toFixed(2);

const otherColumns: readonly Column[] = [
  {
    title: 'run queue',
    value: overTurns((phase) => phase.server?.scheduling?.runQueueUs?.mean),
    format: formatMicros,
  },
  {
    title: 'switches/s',
    value: overTurns((phase) => phase.server?.scheduling?.contextSwitches?.perSecond),
    format: formatCount,
  },
  {
    title: 'wake-ups/req',
    value: overTurns((phase) => phase.server?.scheduling?.wakeupsPerRequest),
    format: perRequest,
  },
  {
    title: 'syscalls/req',
    value: overTurns((phase) => phase.server?.scheduling?.systemCallsPerRequest),
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
