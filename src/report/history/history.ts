import { commonUnit, inUnit } from '../../figures/unit-words.js';
import { changePoints, changePointTest } from '../../stats/change-points.js';
import { median } from '../../stats/sample.js';
import type { Host, RunResult } from '../../results/schema.js';
import type { HistoryMetric } from './metrics.js';
import { pointOf, type Point } from './point.js';
import { isNamed, selectResults, type Choice, type LeftOut } from './selection.js';

/** One metric over the results of one scenario on one host. */
export interface History {
  readonly metric: HistoryMetric & { readonly name: string };
  readonly scenario: { readonly name: string; readonly hash: string };
  /** As the newest result describes it. */
  readonly host: Host;
  /** From the oldest to the newest; never empty. */
  readonly results: readonly RunResult[];
  readonly targets: readonly TargetHistory[];
  readonly leftOut: readonly LeftOut[];
}

export interface TargetHistory {
  readonly name: string;
  readonly runtime: string;
  /** One for each result that has this target. */
  readonly points: readonly Point[];
  /** null where no point has a value. */
  readonly summary: Summary | null;
  /** null where there are too few values to look for any. */
  readonly changes: readonly Change[] | null;
}

interface Summary {
  /** Of points with a value. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Of the last against the median of those before, as a share of it; null without any. */
  readonly lastChange: number | null;
}

/** A change point. */
export interface Change {
  /** The first that is new. */
  readonly point: Point;
  /** Medians, from the change point before to this one, and on to the next. */
  readonly before: number;
  readonly after: number;
  /** As a share of before; null where that is 0. */
  readonly share: number | null;
  readonly p: number;
}

/** @throws ConfigError where nothing fits what is asked for */
export function historyOf(
  results: readonly RunResult[],
  metric: History['metric'],
  choice: Choice,
): History {
  const { chosen, leftOut } = selectResults(results, choice);
  const { scenario, host } = chosen.at(-1)!;
  const names = new Set(
    chosen.flatMap((result) => [...result.targets, ...result.failures].map(({ name }) => name)),
  );
  const targets = [...names]
    .filter((name) => choice.target === undefined || isNamed(name, choice.target))
    .map((name) => targetHistory(name, chosen, metric));
  return { metric: named(metric, chosen), scenario, host, results: chosen, targets, leftOut };
}

/** In the words of what was counted. */
function named(metric: History['metric'], results: readonly RunResult[]): History['metric'] {
  const trials = results.flatMap(({ targets }) => targets.flatMap((target) => target.trials));
  const counted = commonUnit(trials.map(({ load }) => load.unit));
  return { ...metric, label: inUnit(metric.label, counted), unit: inUnit(metric.unit, counted) };
}

function targetHistory(
  name: string,
  results: readonly RunResult[],
  metric: HistoryMetric,
): TargetHistory {
  const points = results
    .map((result) => pointOf(result, name, metric))
    .filter((point) => point !== null);
  const measured = points.filter(({ value }) => value !== null);
  const values = measured.map(({ value }) => value!);
  const runtime = results
    .flatMap((result) => [...result.targets, ...result.failures])
    .find((target) => target.name === name)!.runtime;
  return {
    name,
    runtime,
    points,
    summary: summaryOf(values),
    changes: values.length < changePointTest.fewestValues ? null : changesIn(measured, values),
  };
}

function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const last = values.at(-1)!;
  return {
    count: values.length,
    first: values[0]!,
    last,
    median: median(values),
    lowest: Math.min(...values),
    highest: Math.max(...values),
    lastChange: values.length === 1 ? null : shareOf(median(values.slice(0, -1)), last),
  };
}

function changesIn(points: readonly Point[], values: readonly number[]): Change[] {
  const found = changePoints(values);
  return found.map(({ index, p }, place) => {
    const before = median(values.slice(found[place - 1]?.index ?? 0, index));
    const after = median(values.slice(index, found[place + 1]?.index));
    return { point: points[index]!, before, after, share: shareOf(before, after), p };
  });
}

function shareOf(before: number, after: number): number | null {
  return before === 0 ? null : after / before - 1;
}
