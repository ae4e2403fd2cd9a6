import { z } from 'zod';
import { exchangeUnitSchema } from './exchange-unit.js';
import { warningSchema } from './figures.js';
import { hostSchema, toolSchema } from './schema.js';

const count = z.number().int().nonnegative();

const gateAnswersSchema = z.strictObject({
  attempts: count.describe('Requests sent, and connections that could not be opened'),
  errors: z.record(z.string(), count).describe('By kind: what did not get the answer asked for'),
  statusCodes: z.record(z.string(), count),
  responses: count,
  bytesReceived: count,
  opened: count.describe('Connections, beyond those that were open before'),
});
/** What one side answered in the slices of all pairs. */
export type GateAnswers = z.output<typeof gateAnswersSchema>;

/** The version of the gate's document, the result of `c1m gate` and `c1m diff`. */
export const gateSchemaVersion = 1;

const ratio = z.number().positive();
const bound = z.number().nonnegative().nullable().describe('null while there are too few pairs');

const gatePurposes = ['gate', 'diff'] as const;
export type GatePurpose = (typeof gatePurposes)[number];

const gateMetricSchema = z.strictObject({
  name: z.string(),
  ratio: ratio.nullable().describe('head / base; null where it could not be measured'),
  low: bound,
  high: bound,
  allowed: z
    .number()
    .positive()
    .describe(
      'Change for the worse that is still a pass, as a share of base: its own or the floor’s',
    ),
  floor: z
    .number()
    .nonnegative()
    .nullable()
    .default(null)
    .describe('Absolute change that is always allowed: µs, bytes, per second or a count'),
  detect: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'Change that must not have hidden, for a pass that is not proven; null: only proof passes',
    ),
  level: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Of base, in the unit of the floor'),
  verdict: z.enum(['pass', 'improvement', 'regression', 'inconclusive', 'invalid']),
  proven: z
    .boolean()
    .nullable()
    .default(null)
    .describe(
      'Of a pass: whether it is shown to be within what is allowed, or only not worse as far as the ' +
        'budget could tell. null of any other verdict, and of older results, whose passes are proven',
    ),
  reason: z.string().nullable().describe('Of an invalid one'),
  needed: z
    .strictObject({ pairsPerSet: z.number().int(), seconds: z.number() })
    .nullable()
    .describe('Of an inconclusive one: about what would have decided'),
  suspected: z
    .boolean()
    .default(false)
    .describe(
      'Of an inconclusive one: a first set showed a regression, which no second set confirmed',
    ),
});
export type GateMetric = z.output<typeof gateMetricSchema>;

const gateVerdicts = [
  'pass',
  'improvement',
  'regression',
  'inconclusive',
  'invalid',
  'no-baseline',
] as const;

const values = z.record(z.string(), z.array(z.number().positive()));

/** Of a gate against a stored result: the weaker method, of fresh processes at different times. */
const baselineSchema = z.strictObject({
  id: z.string(),
  startedAt: z.iso.datetime(),
  trials: z
    .strictObject({ base: z.number().int(), head: z.number().int() })
    .describe('That are valid'),
  values: z
    .strictObject({ base: values, head: values })
    .describe('By metric, of each valid trial, in the units of the result document'),
});

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
  method: z
    .enum(['duet', 'stored'])
    .default('duet')
    .describe('stored: base is a result of an earlier time, which tells less'),
  baseline: baselineSchema
    .nullable()
    .default(null)
    .describe('Of the method stored; null where there was none to compare with'),
  load: z
    .strictObject({
      connections: z.number().int(),
      ratePerSecond: z.number(),
      sliceSeconds: z.number(),
      slicesPerSide: z.number().int(),
    })
    .nullable()
    .describe('Of the duet; null of the method stored, whose load is the scenario'),
  unit: exchangeUnitSchema
    .default('request')
    .describe('What is counted wherever names speak of requests'),
  purpose: z
    .enum(gatePurposes)
    .default('gate')
    .describe('diff: reported as differences; what a gate would have said of it is the verdict'),
  verdict: z.enum(gateVerdicts),
  reasons: z
    .array(z.string())
    .describe('Of an invalid verdict, of one without a pair, or of none for want of a baseline'),
  metrics: z.array(gateMetricSchema),
  pairs: z.array(
    z.union([
      z.strictObject({
        valid: z.literal(true),
        ratios: z.record(z.string(), ratio),
        skipped: z
          .array(z.string())
          .default([])
          .describe('Metrics that were decided before, and not measured in this pair'),
        base: z
          .record(z.string(), z.number().positive())
          .default({})
          .describe('Base’s own figures: µs, bytes, per second or a count'),
      }),
      z.strictObject({ valid: z.literal(false), reason: z.string() }),
    ]),
  ),
  pairsPerSet: z
    .number()
    .int()
    .nullable()
    .default(null)
    .describe(
      'The most that a set was judged by; null of the method stored, and 20 of older results',
    ),
  answers: z
    .strictObject({ base: gateAnswersSchema, head: gateAnswersSchema })
    .nullable()
    .default(null)
    .describe('null of the method stored, and of older results'),
  complete: z.boolean().describe('false where it was interrupted'),
  warnings: z.array(warningSchema),
});
export type GateResult = z.output<typeof gateSchema>;
