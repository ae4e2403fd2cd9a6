import { z } from 'zod';
import { noiseFloorSchema } from './noise-floor.js';

const rate = z.number().nonnegative();

/** How late sends were at a share of the ceiling, in microseconds. */
const stepSchema = z.strictObject({
  share: z.number(),
  offeredPerSecond: rate,
  reachedPerSecond: rate,
  sendDelayUs: z.strictObject({ p50: rate, p99: rate, p999: rate }),
});

/** What one engine reaches with so many threads, against a server that hardly does anything. */
const ceilingSchema = z.strictObject({
  engine: z.string(),
  threads: z.number().int().positive(),
  connections: z.number().int().positive(),
  requestsPerSecond: rate,
  cpuUsPerRequest: rate.nullable(),
  steps: z.array(stepSchema),
  measuredAt: z.iso.datetime(),
});
export type Ceiling = z.output<typeof ceilingSchema>;

/** What a host's generator can do, and how far its results are from repeating themselves. It holds for one c1m and one Node on it, and for no other. */
export const calibrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  fingerprint: z.string(),
  tool: z.string(),
  node: z.string(),
  ceilings: z.array(ceilingSchema),
  noiseFloor: noiseFloorSchema.nullable().default(null),
});
export type Calibration = z.output<typeof calibrationSchema>;
