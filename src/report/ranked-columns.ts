import type { Standing } from '../compare/ranking.js';
import type { RunResult } from '../results/schema.js';
import { compareColumns } from './compare-table.js';
import { differences } from './differences.js';
import { changesOf, orderOf, type Change, type Custom } from './order.js';
import type { Subject } from './subject.js';
import type { Column } from './trial-table.js';

/**
 * The columns of a comparison with what is proven in each: "2~4" for a rank, "~" where it may be any.
 * Of several results, the last has how far it is from the first, or "~".
 */
export function rankedColumns(
  results: readonly RunResult[],
  subjects: readonly Subject[],
): Column[] {
  return compareColumns.map((column) => {
    if (column.ranks === undefined) return column;
    const places =
      results.length > 1
        ? changesIn(column.ranks, results, subjects)
        : ranksIn(column.ranks, subjects);
    return places === null ? column : { ...column, place: (label) => places.get(label) ?? '' };
  });
}

type Metric = NonNullable<Column['ranks']>;

/** Of the targets of one result; null where there is nothing to rank by. */
export function ranksIn(
  figure: Metric | Custom,
  subjects: readonly Subject[],
): ReadonlyMap<string, string> | null {
  const ranking = orderOf(figure, subjects)?.ranking ?? null;
  if (ranking?.repeated !== true) return null;
  const { standings } = ranking;
  return new Map(standings.map((each) => [each.label, rankText(each, standings.length)]));
}

function rankText({ rank: { best, worst } }: Standing, targets: number): string {
  if (best === worst) return `${best}`;
  return best === 1 && worst === targets ? '~' : `${best}~${worst}`;
}

function changesIn(
  metric: Metric,
  results: readonly RunResult[],
  subjects: readonly Subject[],
): ReadonlyMap<string, string> | null {
  if (differences(results).length > 0) return null;
  const compared = changesOf(metric, results, subjects);
  if (compared === null || compared.unranked !== null) return null;
  return new Map(compared.changes.map((change) => [change.after.label, changeText(change)]));
}

function changeText({ ratio, proven }: Change): string {
  if (ratio === null) return '';
  if (proven === null) return '~';
  const percent = (ratio - 1) * 100;
  const text = Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0);
  return `${percent < 0 ? '−' : '+'}${text} %`;
}
