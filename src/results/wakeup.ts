import { z } from 'zod';
import { warningSchema } from './figures.js';
import { failureSchema, hostSchema, skippedSchema, toolSchema } from './schema.js';

/** The version of the wake-up document, the result of `c1m wakeup`, that this c1m writes and reads. */
export const wakeupSchemaVersion = 1;

const count = z.number().int().nonnegative();

const batchSchema = z.strictObject({
  operations: count,
  elapsedNs: count.describe('By the program’s own clock'),
  wallNs: z.number().describe('By c1m’s clock, from before the command to after the answer'),
  contextSwitches: z
    .strictObject({ voluntary: count, involuntary: count })
    .nullable()
    .describe('Of all threads of the process, from before the command to after the answer'),
  runQueueDelayNs: z.number().nullable().describe('Its threads were runnable, but had no CPU'),
});

const costShape = {
  nsPerOperation: z.number().nonnegative().describe('Median over the batches'),
  contextSwitchesPerOperation: z.number().nonnegative().nullable().describe('Median likewise'),
  warmUpBatches: count,
  steady: z.boolean().describe('Whether batches had stopped getting faster before the first'),
  batches: z.array(batchSchema),
};

/** Over the samples of all batches of a trial, in nanoseconds. */
const sampleDistributionSchema = z.strictObject({
  count,
  min: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  max: z.number(),
});
export type SampleDistribution = z.output<typeof sampleDistributionSchema>;

const costSchema = z.strictObject(costShape);
export type Cost = z.output<typeof costSchema>;

const wakeupTrialSchema = z.strictObject({
  index: count,
  startedAt: z.iso.datetime(),
  pingPong: costSchema.describe('An operation is one hand-over, half of a round trip'),
  spawnJoin: costSchema,
  wakeAll: z.strictObject({
    ...costShape,
    delayNs: sampleDistributionSchema.describe('From before the first wake until a task runs'),
  }),
  timer: z.strictObject({
    ...costShape,
    latenessNs: sampleDistributionSchema.describe('Slept less asked; below 0 where it was early'),
  }),
});
export type WakeupTrial = z.output<typeof wakeupTrialSchema>;

const parkedSchema = z.strictObject({
  points: z.array(z.strictObject({ tasks: count, rssBytes: count })),
  bytesPerTask: z
    .strictObject({ slope: z.number(), low: z.number(), high: z.number(), r2: z.number() })
    .nullable()
    .describe('Least-squares line of RSS over parked tasks; null with fewer than three counts'),
  skipped: z.array(z.strictObject({ tasks: count, reason: z.string(), remedy: z.string() })),
});
export type Parked = z.output<typeof parkedSchema>;

const programResultSchema = z.strictObject({
  name: z.string(),
  runtime: z.string(),
  version: z.string().nullable().describe('Of the runtime, as its toolchain states it'),
  trials: z.array(wakeupTrialSchema),
  parked: parkedSchema,
});
export type ProgramResult = z.output<typeof programResultSchema>;

export const wakeupSchema = z.strictObject({
  schemaVersion: z.literal(wakeupSchemaVersion),
  kind: z.literal('wakeup'),
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while it is still being measured'),
  tool: toolSchema,
  host: hostSchema,
  cpus: z.strictObject({
    c1m: z.string().nullable(),
    program: z.string().nullable().describe('The CPUs that each program is bound to'),
  }),
  settings: z.strictObject({
    trials: count,
    batches: count.describe('That count, of each trial and kind'),
    wakeTasks: count,
    timerAskedUs: count,
    timersPerBatch: count,
    parkedTasks: z.array(count),
  }),
  warnings: z.array(warningSchema),
  programs: z.array(programResultSchema),
  skipped: z.array(skippedSchema).describe('Not measured, since this host lacks their toolchain'),
  failures: z.array(failureSchema),
});
export type WakeupResult = z.output<typeof wakeupSchema>;
