import { z } from 'zod';
import { warningSchema } from './figures.js';
import { hostSchema, toolSchema } from './schema.js';

/** The version of the gate's document, the result of `c1m gate` and `c1m diff`. */
export const gateSchemaVersion = 1;

const ratio = z.number().positive();
const bound = z.number().nonnegative().nullable().describe('null while there are too few pairs');

const gateMetricSchema = z.strictObject({
  name: z.string(),
  ratio: ratio.nullable().describe('head / base; null where it could not be measured'),
  low: bound,
  high: bound,
  allowed: z.number().positive().describe('Change for the worse that is still a pass, as a share'),
  verdict: z.enum(['pass', 'improvement', 'regression', 'inconclusive', 'invalid']),
  reason: z.string().nullable().describe('Of an invalid one'),
  needed: z
    .strictObject({ pairsPerSet: z.number().int(), seconds: z.number() })
    .nullable()
    .describe('Of an inconclusive one: about what would have decided'),
});
export type GateMetric = z.output<typeof gateMetricSchema>;

const gateVerdicts = ['pass', 'improvement', 'regression', 'inconclusive', 'invalid'] as const;

export const gateSchema = z.strictObject({
  schemaVersion: z.literal(gateSchemaVersion),
  kind: z.literal('gate'),
  id: z.string(),
  startedAt: z.iso.datetime(),
  durationSeconds: z.number().nonnegative(),
  tool: toolSchema,
  host: hostSchema,
  scenario: z.strictObject({ name: z.string(), hash: z.string(), document: z.unknown() }),
  cpus: z.strictObject({ load: z.string().nullable(), target: z.string().nullable() }),
  base: z.strictObject({ label: z.string(), fresh: z.boolean() }),
  head: z.strictObject({ label: z.string(), fresh: z.boolean() }),
  load: z.strictObject({
    connections: z.number().int(),
    ratePerSecond: z.number(),
    sliceSeconds: z.number(),
    slicesPerSide: z.number().int(),
  }),
  verdict: z.enum(gateVerdicts),
  reasons: z.array(z.string()).describe('Of an invalid verdict'),
  metrics: z.array(gateMetricSchema),
  pairs: z.array(
    z.union([
      z.strictObject({ valid: z.literal(true), ratios: z.record(z.string(), ratio) }),
      z.strictObject({ valid: z.literal(false), reason: z.string() }),
    ]),
  ),
  complete: z.boolean().describe('false where it was interrupted'),
  warnings: z.array(warningSchema),
});
export type GateResult = z.output<typeof gateSchema>;
