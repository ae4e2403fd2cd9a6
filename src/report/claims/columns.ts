import { unitFormats } from '../../figures/unit-formats.js';
import type { ClaimArm, ClaimResult, ClaimRun } from '../../results/claims.js';
import { figureOf, type Column } from '../trial-table.js';

/** A column for each figure of a claim that some arm has. */
export function claimColumns({ figures, arms, findings }: ClaimResult): Column<ClaimRun>[] {
  const measured = figures.filter(({ name }) =>
    arms.some(({ runs }) => runs.some((run) => run.figures[name] !== undefined)),
  );
  const first = new Set(arms.map(({ runs }) => runs[0]));
  return measured.map(({ name, title, unit, exact }) => ({
    title,
    // What is the same in every process has no spread to show.
    value: (run) => (exact && !first.has(run) ? null : run.figures[name]),
    format: unitFormats[unit],
    ...(findings.some(({ figure }) => figure === name) ? { prominent: true as const } : {}),
  }));
}

/** A cell in words: the median, and its interval where there is one. */
export function cellOf(column: Column<ClaimRun>, { runs, name }: ClaimArm): string[] {
  const found = figureOf(column, runs, name);
  if (found === null) return ['–'];
  const { spread, median } = found;
  if (spread === null || (spread.low === median && spread.high === median)) return [median];
  return [median, `${spread.low}–${spread.high}`];
}
