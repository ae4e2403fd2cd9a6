import type { ChalkInstance } from 'chalk';
import type { Cost, WakeupResult, WakeupTrial } from '../results/wakeup.js';
import { parkedTable } from './parked-table.js';
import { trialTable, type Column } from './trial-table.js';
import { formatCount, formatMicros, formatNanos } from '../basis/format.js';

/** What the schedulers of the runtimes take, as `c1m wakeup` has measured it. */
export function wakeupReport(result: WakeupResult, width: number, color: ChalkInstance): string {
  const rows = result.programs.map((program) => ({ label: program.name, target: program }));
  const measured = rows.some(({ target }) => target.trials.length > 0);
  const parked = parkedTable(result, color);
  const warn = (note: string): string => (note.startsWith('!') ? color.yellow(note) : note);
  return [
    trialTable(rows, costColumns(result), width, color),
    ...(measured ? [trialTable(rows, delayColumns(result), width, color)] : []),
    ...(parked === null ? [] : [parked]),
    color.dim(describe(result)),
    ...notes(result).map(warn),
  ].join('\n');
}

function costColumns({ settings }: WakeupResult): Column<WakeupTrial>[] {
  const wake = `wake ${formatCount(settings.wakeTasks)}`;
  return [
    ...costAndSwitches('ping-pong', 'hand-over', ({ pingPong }) => pingPong),
    ...costAndSwitches('spawn+join', 'task', ({ spawnJoin }) => spawnJoin),
    ...costAndSwitches(wake, 'task', ({ wakeAll }) => wakeAll),
  ];
}

function delayColumns({ settings }: WakeupResult): Column<WakeupTrial>[] {
  const wake = `wake ${formatCount(settings.wakeTasks)}`;
  const timer = `${formatMicros(settings.timerAskedUs)} timer`;
  return [
    ...(['p50', 'p99', 'max'] as const).map((rank) => ({
      title: `${wake}\n${rank}`,
      value: ({ wakeAll }: WakeupTrial) => wakeAll.delayNs[rank],
      format: formatNanos,
    })),
    ...(['p50', 'p99', 'max'] as const).map((rank) => ({
      title: `${timer}\nlate ${rank}`,
      value: ({ timer }: WakeupTrial) => timer.latenessNs[rank],
      format: formatNanos,
    })),
    {
      title: 'switches\nper timer',
      value: ({ timer }) => timer.contextSwitchesPerOperation,
      format: formatSwitches,
    },
  ];
}

function costAndSwitches(
  title: string,
  operation: string,
  cost: (trial: WakeupTrial) => Cost,
): Column<WakeupTrial>[] {
  return [
    {
      title: `${title}\nper ${operation}`,
      value: (trial) => cost(trial).nsPerOperation,
      format: formatNanos,
      prominent: true,
    },
    {
      title: `switches\nper ${operation}`,
      value: (trial) => cost(trial).contextSwitchesPerOperation,
      format: formatSwitches,
    },
  ];
}

/** A batch of half a million operations may have ten. */
function formatSwitches(perOperation: number): string {
  return perOperation.toFixed(perOperation > 0 && perOperation < 0.01 ? 5 : 3);
}

function describe({ id, host, tool, cpus, settings }: WakeupResult): string {
  const where = cpus.program === null ? 'all CPUs' : `CPU ${cpus.program}`;
  const trials = settings.trials === 1 ? 'one fresh process' : `${settings.trials} fresh processes`;
  const runtimes = `${trials} each, median and spread, on ${where}`;
  return `${id}: ${runtimes}; ${host.cpus} CPUs (${host.cpuModel}), ${host.os}, kernel ${host.kernel}, c1m ${tool.version}`;
}

function notes(result: WakeupResult): string[] {
  const { programs, skipped, failures, warnings } = result;
  return [
    'These are the runtimes’ own schedulers alone: no socket, no data that arrives from the kernel, no load. They are not the scheduling delay of a server; docs/wakeup.md says what they can be compared with.',
    ...programs.flatMap(({ name, trials, parked }) => [
      ...unsteady(name, trials),
      ...disturbed(name, trials),
      ...parked.skipped.map(
        ({ tasks, reason, remedy }) =>
          `! ${name}: ${formatCount(tasks)} parked tasks are left out: ${reason}. ${remedy}.`,
      ),
    ]),
    ...skipped.map(({ name, reason, remedy }) => `! ${name} is left out: ${reason}. ${remedy}`),
    ...failures.map(({ name, trial, reason, remedy }) => {
      const where = trial === null ? '' : ` in trial ${trial + 1}`;
      return `! ${name} failed${where}: ${reason}\n  ${remedy}`;
    }),
    ...warnings.map(({ message, remedy }) => `! ${message}. ${remedy}.`),
  ];
}

const kinds = {
  'ping-pong': 'pingPong',
  'spawn+join': 'spawnJoin',
  wake: 'wakeAll',
  timer: 'timer',
} as const;

/** Of the time of all batches, above which other work on the CPU is worth a word. */
const noticeableShare = 0.05;

function disturbed(name: string, trials: readonly WakeupTrial[]): string[] {
  const batches = trials.flatMap((trial) =>
    Object.values(kinds).flatMap((kind) => trial[kind].batches),
  );
  const known = batches.filter(({ runQueueDelayNs }) => runQueueDelayNs !== null);
  const waited = known.reduce((sum, { runQueueDelayNs }) => sum + (runQueueDelayNs ?? 0), 0);
  const share = waited / known.reduce((sum, { wallNs }) => sum + wallNs, 0);
  if (!(share > noticeableShare)) return [];
  return [
    `! ${name}: in each second, its threads waited ${formatMicros(share * 1e6)} for a CPU, behind other processes or each other, so its times are upper bounds. End what else runs here, or choose other CPUs with --cpus.`,
  ];
}

function unsteady(name: string, trials: readonly WakeupTrial[]): string[] {
  const still = Object.entries(kinds).filter(([, kind]) =>
    trials.some((trial) => !trial[kind].steady),
  );
  if (still.length === 0) return [];
  const which = still.map(([title]) => title).join(', ');
  return [
    `! ${name} was still getting faster when its ${which} was measured, so that is an upper bound.`,
  ];
}
