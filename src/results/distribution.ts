import { z } from 'zod';

/** A distribution in microseconds. */
export const distributionSchema = z.strictObject({
  count: z.number().int().nonnegative(),
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
