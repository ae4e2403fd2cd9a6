import type { Allowance, MetricName } from './metric.js';

/** What is allowed of each metric. */
export type Allowances = ReadonlyMap<MetricName, Allowance>;

/** The larger of the two, as a share of the base, whose `level` is null where it is not known. */
export function shareAllowed({ share, floor }: Allowance, level: number | null): number {
  return level === null || level <= 0 ? share : Math.max(share, floor / level);
}
