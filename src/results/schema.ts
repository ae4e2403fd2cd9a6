import { z } from 'zod';
import { noiseFloorSchema } from './noise-floor.js';
import { thresholdSchema } from './threshold.js';
import { figuresShape, phaseResultSchema, unavailableSchema, warningSchema } from './figures.js';

/** The version of the result document that this c1m writes and reads. */
export const schemaVersion = 1;

export const trialSchema = z.strictObject({
  index: z.number().int().nonnegative(),
  startedAt: z.iso.datetime(),
  traced: z.boolean().describe('Carries the cost of tracing, so its latency is not the target’s'),
  complete: z.boolean().describe('false where it was interrupted'),
  ...figuresShape,
  phases: z.array(phaseResultSchema),
  histograms: z.string().nullable().describe('HdrHistogram V2 interval log, beside this document'),
});
export type TrialResult = z.output<typeof trialSchema>;

export const targetResultSchema = z.strictObject({
  name: z.string(),
  runtime: z.string(),
  role: z.string(),
  family: z.string(),
  version: z.string().nullable().describe('Of the runtime, as its toolchain states it'),
  url: z.string(),
  cpus: z.string().nullable().describe('The CPUs that it could use, as a list such as "0-3"'),
  cpuCount: z.number().int().positive().nullable(),
  addresses: z
    .array(z.string())
    .default([])
    .describe('IP addresses, or paths of Unix sockets, that connections went to, spread evenly'),
  localAddresses: z
    .array(z.string())
    .nullable()
    .default(null)
    .describe('Where they came from, as --local-ips has it; null where that was not planned'),
  replicas: z.number().int().positive(),
  trials: z.array(trialSchema),
});
export type TargetResult = z.output<typeof targetResultSchema>;

export const hostSchema = z.strictObject({
  fingerprint: z.string().describe('A hash of what makes results comparable'),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cpus: z.number().int().positive(),
  memoryBytes: z.number().int().positive(),
  governor: z.string().nullable(),
  cgroup: z
    .strictObject({
      cpus: z.number().positive().nullable().describe('CPU time that it allows, in whole CPUs'),
      memoryBytes: z.number().int().positive().nullable(),
    })
    .default({ cpus: null, memoryBytes: null })
    .describe('What c1m’s control group allows of this host; null where no limit is known'),
  limits: z.record(z.string(), z.string().nullable()),
});
export type Host = z.output<typeof hostSchema>;

export const skippedSchema = z.strictObject({
  name: z.string(),
  runtime: z.string(),
  reason: z.string(),
  remedy: z.string(),
});
export type Skipped = z.output<typeof skippedSchema>;

/** A trial that gave no result that can be trusted, because its target failed. */
export const failureSchema = z.strictObject({
  name: z.string(),
  runtime: z.string(),
  trial: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe('null where it failed outside of trials, such as when it was built'),
  reason: z.string(),
  remedy: z.string(),
});
export type Failure = z.output<typeof failureSchema>;

export const toolSchema = z.strictObject({
  name: z.literal('c1m'),
  version: z.string(),
  node: z.string(),
  command: z.string(),
});

export const resultSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  kind: z.enum(['run', 'compare']),
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while it is still being measured'),
  tool: toolSchema,
  host: hostSchema,
  scenario: z.strictObject({
    name: z.string(),
    hash: z.string().describe('Equal hashes mean equal load'),
    document: z.unknown().describe('The whole scenario, as it was read'),
  }),
  cpus: z.strictObject({ load: z.string().nullable(), target: z.string().nullable() }),
  engine: z.strictObject({
    name: z.string(),
    reason: z.string().nullable().describe('Why not the faster one'),
  }),
  warnings: z
    .array(warningSchema)
    .default([])
    .describe('Of the whole measurement: what the host or its CPUs do to every figure'),
  noiseFloor: noiseFloorSchema
    .nullable()
    .default(null)
    .describe('That applied when this was measured; null where c1m calibrate had found none'),
  targets: z.array(targetResultSchema),
  skipped: z.array(skippedSchema).describe('Not measured, since this host lacks their toolchain'),
  failures: z.array(failureSchema).default([]).describe('Targets that could be tried, but failed'),
  unavailable: z.array(unavailableSchema),
  thresholds: z
    .array(thresholdSchema)
    .default([])
    .describe('What was asked to hold of each target, by --fail-if and failIf'),
});
export type RunResult = z.output<typeof resultSchema>;
