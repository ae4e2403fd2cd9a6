import { z } from 'zod';

const count = z.number().int().nonnegative();

/** A distribution in microseconds. */
export const distributionSchema = z.strictObject({
  count,
  min: z.number(),
  mean: z.number(),
  stdev: z.number(),
  p50: z.number(),
  p75: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  p9999: z.number(),
  max: z.number(),
});
export type Distribution = z.output<typeof distributionSchema>;

/** The percentiles that a distribution is told by, as shares of its values. */
export const percentileShares = {
  p50: 0.5,
  p75: 0.75,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  p999: 0.999,
  p9999: 0.9999,
} as const satisfies Partial<Record<keyof Distribution, number>>;
export const percentileNames = Object.keys(percentileShares) as (keyof typeof percentileShares)[];

/** What of a distribution can be a lower bound. */
const boundFigures = [
  ...(['min', 'mean'] as const),
  ...(['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'p9999'] as const),
  'max',
] as const;
export type BoundFigure = (typeof boundFigures)[number];

/**
 * A distribution of waits, some of which did not end: each of those is in it at the time that was
 * waited, which is the least that it can have taken ("censored", in statistics).
 */
export const censoredDistributionSchema = distributionSchema.extend({
  censored: count.default(0).describe('Of count: waited for in vain, each at the time waited'),
  lowerBounds: z
    .array(z.enum(boundFigures))
    .default([])
    .describe('Figures that may be higher, since it is not known how long those would have taken'),
});
export type CensoredDistribution = z.output<typeof censoredDistributionSchema>;

/** Whether a figure is only known to be at least so much. */
export function isLowerBound(
  distribution: CensoredDistribution | null | undefined,
  figure: BoundFigure,
): boolean {
  return distribution?.lowerBounds.includes(figure) ?? false;
}
