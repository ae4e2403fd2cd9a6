import { z } from 'zod';
import { waitedSchema } from './exchange-unit.js';

/** A condition of `--fail-if` or `failIf`, which states what must hold, and what became of it. */
export const thresholdSchema = z.strictObject({
  text: z.string().describe('What must hold, such as "p99 <= 20 ms"'),
  target: z.string().describe('The name of the target that it was asked of'),
  phase: z.string().nullable().describe('null: of the whole trial'),
  request: z
    .string()
    .nullable()
    .default(null)
    .describe('Of the phase, the one of several requests that it was asked of; null: of all'),
  metric: z.string(),
  comparison: z.enum(['<=', '<', '>=', '>', '==']),
  unit: z
    .enum(['us', 'bytes', 'share', 'perSecond', 'count', 'number'])
    .describe('Of limit and value; a share is of 1'),
  counted: waitedSchema.default('request').describe('What was waited for'),
  limit: z.number().nonnegative(),
  value: z
    .number()
    .nullable()
    .describe(
      'The median over the trials, of which those with a lower bound count as the highest; null where none measured it',
    ),
  trials: z.number().int().nonnegative().describe('How many the value is from'),
  censored: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('Of a value that may be higher: how many were waited for in vain; 0: it is exact'),
  holds: z.boolean().describe('false also where there is no value, or it may be higher'),
  reason: z.string().nullable().describe('Why there is no value'),
});
export type ThresholdResult = z.output<typeof thresholdSchema>;
