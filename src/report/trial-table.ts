import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { RankedName } from '../compare/compared.js';
import { counted, type Trust } from '../figures/reading.js';
import { commonUnit, inUnit } from '../figures/unit-words.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { TargetResult, TrialResult } from '../results/schema.js';
import { summarize } from '../stats/sample.js';

export interface Column<Trial = TrialResult> {
  /** Written of requests. */
  readonly title: string;
  /** What a trial counts; where it is not said, the title is the same for all. */
  readonly unit?: (trial: Trial) => ExchangeUnit;
  readonly value: (trial: Trial) => number | null | undefined;
  readonly format: (value: number) => string;
  /** Marks a median that is a bound because of c1m itself. */
  readonly bound?: (trial: Trial) => '≥ ' | '≤ ' | '? ' | '';
  /** Below the figure of a single trial, where several have their spread. */
  readonly detail?: (trial: Trial) => string;
  readonly prominent?: true;
  /** Left out where no row has it; others show that it is missing. */
  readonly optional?: true;
  /** Whether a trial's value can be trusted; where it is not said, it can. */
  readonly trust?: (trial: Trial) => Trust;
  /** What targets are ranked by. */
  readonly ranks?: RankedName;
  /** What is proven of a row's rank, "2~4"; empty where it has none. */
  readonly place?: (label: string) => string;
}

/** What a report says of one figure of a target. */
interface Figure {
  readonly median: string;
  readonly mark: string;
  /** "(2~4) ", or empty. */
  readonly place: string;
  /** Over the trials; null for a single one. */
  readonly spread: { readonly low: string; readonly high: string } | null;
  /** Of a single trial; may be empty. */
  readonly detail: string;
}

interface Measured<Trial = unknown> {
  readonly trials: readonly Trial[];
}

/** What a line of a table is drawn from: a target's trials, or the same phase of each of them. */
export interface Labelled<Trial> extends Measured<Trial> {
  readonly label: string;
}

/** A column's title, in the words of what the lines count. */
export function headingOf<Trial>(
  { title, unit }: Column<Trial>,
  lines: readonly Measured<Trial>[],
): string {
  if (unit === undefined) return title;
  return inUnit(title, commonUnit(lines.flatMap(({ trials }) => trials.map(unit))));
}

/** Those that some line has a figure for. */
export function filledColumns<Trial>(
  columns: readonly Column<Trial>[],
  lines: readonly Labelled<Trial>[],
): Column<Trial>[] {
  return columns.filter((column) =>
    lines.some(({ label, trials }) => figureOf(column, trials, label) !== null),
  );
}

/** A target in the table; two results have a row each for the same target. */
export interface Row<Target extends Measured = TargetResult> {
  readonly label: string;
  readonly target: Target;
}

/**
 * A row per target: the median over its trials, and below it their interval. What is wider than `width` characters goes into further tables below.
 * @param of what the rows are
 */
export function trialTable<Trial = TrialResult>(
  rows: readonly Row<Measured<Trial>>[],
  columns: readonly Column<Trial>[],
  width: number,
  color: ChalkInstance,
  of = 'target',
): string {
  const measured = rows.filter(({ target }) => target.trials.length > 0);
  if (measured.length === 0) return 'No target was measured.';
  const lines = measured.map(({ label, target: { trials } }) => ({ label, trials }));
  const filled = filledColumns(columns, lines);
  const shown = columns.filter((column) => column.optional !== true || filled.includes(column));
  const drawn = tables(measured, shown, width, color, of).join('\n');
  return drawn.replace(/[┌─┬┐│├┼┤└┴┘]+/g, (frame) => color.dim(frame));
}

function tables<Trial>(
  rows: readonly Row<Measured<Trial>>[],
  shown: readonly Column<Trial>[],
  width: number,
  color: ChalkInstance,
  of: string,
): string[] {
  const drawn = (count: number): string => table(rows, shown.slice(0, count), color, of);
  // The first line is frame, which has no colour yet: it is as long as it looks.
  const fits = (text: string): boolean => text.indexOf('\n') <= width;
  if (shown.length === 1 || fits(drawn(shown.length))) return [drawn(shown.length)];
  // As many columns as fit, and at least one; the rest below.
  let fit = shown.length - 1;
  while (fit > 1 && !fits(drawn(fit))) fit--;
  return [drawn(fit), ...tables(rows, shown.slice(fit), width, color, of)];
}

function table<Trial>(
  rows: readonly Row<Measured<Trial>>[],
  shown: readonly Column<Trial>[],
  color: ChalkInstance,
  of: string,
): string {
  const lines = rows.map(({ target }) => target);
  const drawn = new Table({
    head: [of, ...shown.map((column) => headingOf(column, lines))].map((title) =>
      color.bold(title),
    ),
    colAligns: ['left', ...shown.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const { label, target } of rows) {
    const cells = shown.map((column) => cell(column, target.trials, label, color));
    drawn.push([color.bold(label), ...cells]);
  }
  return drawn.toString();
}

function cell<Trial>(
  column: Column<Trial>,
  trials: readonly Trial[],
  label: string,
  color: ChalkInstance,
): string {
  const figure = figureOf(column, trials, label);
  if (figure === null) return color.dim('–');
  const { median, mark, place, spread, detail } = figure;
  const below = spread === null ? detail : `${spread.low}–${spread.high}`;
  const text = `${color.dim(place)}${color.yellow(mark)}${column.prominent ? color.cyan.bold(median) : median}`;
  return below === '' ? text : `${text}\n${color.dim(below)}`;
}

/** null where no trial has it. Of trials that cannot be trusted only where there is no other, marked `!`. */
export function figureOf<Trial>(
  { value, format, bound, detail, place, trust }: Column<Trial>,
  trials: readonly Trial[],
  label: string,
): Figure | null {
  const readings = trials.flatMap((trial) => {
    const found = value(trial) ?? null;
    return found === null ? [] : [{ trial, value: found, trust: trust?.(trial) ?? 'valid' }];
  });
  const shown = counted(readings);
  const sample = summarize(shown.map((reading) => reading.value));
  if (sample === null) return null;
  const bounds = shown.map(({ trial }) => bound?.(trial) ?? '');
  const invalid = shown.every((reading) => reading.trust === 'invalid');
  const mark = invalid ? '! ' : (bounds.find((found) => found !== '') ?? '');
  const several = sample.count > 1;
  const { low, high } = sample.spread;
  const rank = place?.(label) ?? '';
  return {
    median: format(sample.median),
    mark,
    place: rank === '' ? '' : `(${rank}) `,
    spread: several ? { low: format(low), high: format(high) } : null,
    detail: several
      ? ''
      : (shown.map(({ trial }) => detail?.(trial) ?? '').find((text) => text !== '') ?? ''),
  };
}
