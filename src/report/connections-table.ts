import type { ChalkInstance } from 'chalk';
import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';
import { lastPhase } from '../figures/trial-phases.js';
import { fitLine } from '../stats/linear-fit.js';
import type { FigureName } from '../figures/table.js';
import { figureColumn, phaseColumn, type Look } from './figure-column.js';
import { trialTable, type Column, type Row } from './trial-table.js';
import { formatBytes, formatCount } from '../basis/format.js';

/** Fewer connections have no table of their own. */
const many = 10_000;

export const connectionsColumns: readonly Column[] = [
  {
    title: 'connections',
    value: (t) => largestHold(t)?.load.connections.established,
    format: formatCount,
    prominent: true,
  },
  { title: 'processes', value: (t) => largestHold(t)?.server?.processes, format: formatCount },
  ofPhase(largestHold, 'rssPeak', { title: 'RSS' }),
  figureColumn('bytesPerConnection', { format: formatCount }),
  { title: 'kernel B/conn', value: kernelBytesPerConnection, format: formatCount },
  { title: 'switches/s idle', value: (t) => switches(largestHold(t)), format: formatCount },
  { title: 'switches/s served', value: (t) => switches(sweep(t)), format: formatCount },
  ofPhase(sweep, 'requestsPerSecond', { title: 'served/s' }),
  ofPhase(sweep, 'p50'),
  ofPhase(sweep, 'p99'),
  {
    title: 'generator RSS',
    value: (t) => largestHold(t)?.generator.rssPeakBytes,
    format: formatBytes,
  },
];

/** A figure of one of a trial's phases; a trial without that phase has none. */
function ofPhase(
  phaseOf: (trial: TrialResult) => PhaseResult | undefined,
  name: FigureName,
  look: Look = {},
): Column {
  const column = phaseColumn(name, look);
  const of =
    <T>(read: ((phase: PhaseResult) => T) | undefined, otherwise: T) =>
    (trial: TrialResult): T => {
      const phase = phaseOf(trial);
      return phase === undefined || read === undefined ? otherwise : read(phase);
    };
  return {
    title: column.title,
    format: column.format,
    value: of(column.value, null),
    bound: of(column.bound, ''),
    trust: of(column.trust, 'invalid'),
  };
}

/** How many connections each target held, and what that cost; null where none held many. */
export function connectionsTable(
  rows: readonly Row[],
  width: number,
  color: ChalkInstance,
): string | null {
  const holding = rows.filter(({ target }) => target.trials.some(holdsMany));
  return holding.length === 0 ? null : trialTable(holding, connectionsColumns, width, color);
}

/** Whether the connections of a trial deserve a table of their own. */
export function holdsMany(trial: TrialResult): boolean {
  return (largestHold(trial)?.load.connections.established ?? 0) >= many;
}

function holdsOf({ phases }: TrialResult): PhaseResult[] {
  return phases.filter(({ kind }) => kind === 'idle');
}

function largestHold(trial: TrialResult): PhaseResult | undefined {
  return holdsOf(trial).at(-1);
}

function sweep(trial: TrialResult): PhaseResult | undefined {
  return lastPhase(trial, 'latency');
}

function switches(phase: PhaseResult | undefined): number | null {
  return phase?.server?.contextSwitches?.perSecond ?? null;
}

/** Slab and socket buffers of the whole host: both ends, where the target is on it. */
function kernelBytesPerConnection(trial: TrialResult): number | null {
  const points = holdsOf(trial).flatMap(({ load, server }) => {
    const slab = server?.kernelSlabBytes ?? null;
    const tcp = server?.kernelTcpBytes ?? null;
    return slab === null || tcp === null
      ? []
      : [{ x: load.connections.established, y: slab + tcp }];
  });
  return fitLine(points)?.slope ?? null;
}
