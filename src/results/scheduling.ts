import { z } from 'zod';
import { distributionSchema } from './distribution.js';
import { schedulingSources } from './scheduling-source.js';

const count = z.number().int().nonnegative();
const figure = z.number().nonnegative().nullable();
const distribution = distributionSchema.nullable();

/** From readable on the server's socket until the server's code takes it; see docs/scheduling.md. */
export const schedulingDelaySchema = z.strictObject({
  total: distributionSchema,
  kernel: distributionSchema.describe(
    'A thread was woken for it, or was to take it, and had no CPU',
  ),
  runtime: distributionSchema.describe('The rest: it waited for the server’s own scheduler'),
  perConnection: distributionSchema.describe('Of the connections’ means of the total'),
});
export type SchedulingDelay = z.output<typeof schedulingDelaySchema>;

/** What the operating system's scheduler did for the server, during the phase's clock. */
export const schedulingSchema = z.strictObject({
  source: z.enum(schedulingSources),
  valid: z.boolean().describe('false where too much of it was lost'),
  requests: z
    .strictObject({
      taken: count.describe('Requests that the server began to read'),
      unseen: count.describe('Of these, whose arrival was not seen: they have no delay'),
      unattributed: count.describe('Whose waits for a CPU were more than are kept of a thread'),
    })
    .nullable(),
  contextSwitches: z
    .strictObject({ voluntary: count, involuntary: count, perSecond: z.number().nonnegative() })
    .nullable(),
  wakeups: count.nullable(),
  migrations: count.nullable(),
  systemCalls: count.nullable(),
  wakeupsPerRequest: figure,
  migrationsPerRequest: figure,
  systemCallsPerRequest: figure,
  runQueueUs: distribution.describe('Each wait of a thread for a CPU'),
  onCpuUs: distribution.describe('Each stretch of a thread on a CPU'),
  offCpuUs: distribution.describe('Each stretch of a thread off the CPUs, asleep or waiting'),
  runQueueDelayMs: figure.describe('All waits for a CPU together'),
});
export type SchedulingFigures = z.output<typeof schedulingSchema>;
