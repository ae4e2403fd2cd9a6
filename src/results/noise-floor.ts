import { z } from 'zod';

const share = z.number().nonnegative().nullable();

/**
 * How much a target seems to differ from itself on a host: an A/A measurement by `c1m calibrate`, in
 * fresh processes. As a share of each figure, 0.03 being 3 %; null where it was not measured.
 */
export const noiseFloorSchema = z.strictObject({
  target: z.string().describe('Which was measured against itself'),
  scenario: z.string(),
  pairs: z.number().int().positive().describe('Of fresh processes, one after the other'),
  measuredAt: z.iso.datetime(),
  shares: z.strictObject({
    requestsPerSecond: share,
    p50Us: share,
    p99Us: share,
    rssIdleBytes: share,
    rssPeakBytes: share,
    bytesPerConnection: share,
    cpuUsPerRequest: share,
    startupMs: share,
  }),
});
export type NoiseFloor = z.output<typeof noiseFloorSchema>;
