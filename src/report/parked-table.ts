import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { Parked, WakeupResult } from '../results/wakeup.js';
import { formatBytes, formatCount } from '../basis/format.js';

/** What parked tasks take: a row per program, a column per count; null if none was measured. */
export function parkedTable({ programs }: WakeupResult, color: ChalkInstance): string | null {
  const measured = programs.filter(({ parked }) => parked.points.length > 0);
  if (measured.length === 0) return null;
  const counts = [
    ...new Set(measured.flatMap(({ parked }) => parked.points.map(({ tasks }) => tasks))),
  ].sort((a, b) => a - b);
  const head = [
    'target',
    'B/parked task',
    ...counts.map((tasks) => `RSS, ${formatCount(tasks)} parked`),
  ];
  const drawn = new Table({
    head: head.map((title) => color.bold(title)),
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const { name, parked } of measured) {
    const { bytesPerTask, points } = parked;
    drawn.push([
      color.bold(name),
      bytesPerTask === null ? color.dim('–') : slopeCell(bytesPerTask, color),
      ...counts.map((tasks) => {
        const point = points.find((each) => each.tasks === tasks);
        return point === undefined ? color.dim('–') : formatBytes(point.rssBytes);
      }),
    ]);
  }
  return drawn.toString().replace(/[┌─┬┐│├┼┤└┴┘]+/g, (frame) => color.dim(frame));
}

/** The slope, and below it its 95 % interval. */
function slopeCell(
  { slope, low, high }: NonNullable<Parked['bytesPerTask']>,
  color: ChalkInstance,
): string {
  const interval = `${formatCount(low)}–${formatCount(high)}`;
  return `${color.cyan.bold(formatCount(slope))}\n${color.dim(interval)}`;
}
