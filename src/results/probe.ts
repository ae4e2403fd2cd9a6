import { z } from 'zod';

/**
 * What the target's own runtime said during one recorded phase, through its `/probe`.
 * Each runtime has its own figures; docs/measuring.md defines those of the reference targets.
 */

const count = z.number().int().nonnegative();

export const probeHistogramSchema = z.strictObject({
  bounds: z.array(z.number()).describe('Upper ends of all buckets but the last, which has none'),
  counts: z.array(count).describe('One more than bounds'),
});
export type ProbeHistogram = z.output<typeof probeHistogramSchema>;

export const probeSchema = z.strictObject({
  runtime: z.string().nullable().describe('null where no sample arrived'),
  version: z.string().nullable(),
  taskKind: z.string().nullable().describe('What `tasks` counts, e.g. goroutines'),
  samples: z.array(
    z.strictObject({
      atSeconds: z.number().nonnegative().describe('Since the phase’s clock began'),
      replica: count,
      tasks: count.nullable().describe('null where the loop that knows did not answer in time'),
      gauges: z.record(z.string(), z.number()),
    }),
  ),
  spanSeconds: z
    .number()
    .nonnegative()
    .describe('From the first sample to the last, which is what counters and histograms cover'),
  counters: z
    .record(z.string(), z.number().nonnegative())
    .describe('Differences of the last sample and the first, summed over replicas'),
  histograms: z.record(z.string(), probeHistogramSchema).describe('Likewise, bucket by bucket'),
  missed: count.describe('Questions without a usable answer in time'),
  problem: z.string().nullable().describe('Why the last of them was missed'),
});
export type ProbeFigures = z.output<typeof probeSchema>;
