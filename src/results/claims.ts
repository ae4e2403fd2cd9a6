import { z } from 'zod';
import { warningSchema } from './figures.js';
import { failureSchema, hostSchema, toolSchema } from './schema.js';

/** The version of the document of `c1m claims` that this c1m writes and reads. */
export const claimsSchemaVersion = 1;

const count = z.number().int().nonnegative();

/** What figures of claims are counted in: base units, and nanoseconds for what a program times itself. */
export const claimUnits = ['ns', 'us', 'bytes', 'share', 'perSecond', 'count', 'number'] as const;

export const boundKinds = ['below', 'atMost', 'above', 'atLeast'] as const;

const claimFigureSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  unit: z.enum(claimUnits),
  resolution: z.number().nonnegative().describe('In its unit; intervals are widened by it'),
  exact: z.boolean().describe('The same in every process, so that one reading is all there is'),
});
export type ClaimFigure = z.output<typeof claimFigureSchema>;

const claimRunSchema = z.strictObject({
  index: count,
  startedAt: z.iso.datetime(),
  figures: z.record(z.string(), z.number()).describe('By name, in the units of `figures`'),
});
export type ClaimRun = z.output<typeof claimRunSchema>;

const armKinds = ['program', 'load', 'start', 'image'] as const;

const claimArmSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(armKinds),
  target: z.string().describe('The name in its target.yaml'),
  runtime: z.string(),
  version: z.string().nullable().describe('Of the runtime; null before it was built'),
  runs: z.array(claimRunSchema).describe('Each in a fresh process; those that failed are no runs'),
  skipped: z
    .strictObject({ reason: z.string(), remedy: z.string() })
    .nullable()
    .describe('Why it cannot be measured on this host'),
  failures: z.array(failureSchema),
});
export type ClaimArm = z.output<typeof claimArmSchema>;

const findingSchema = z.strictObject({
  says: z.string().describe('One thing that has to be so for the claim to hold'),
  figure: z.string(),
  arm: z.string(),
  over: z
    .string()
    .nullable()
    .describe('The arm whose figure it is divided by; null: it stands alone'),
  bound: z.strictObject({
    kind: z.enum(boundKinds),
    amount: z.number().describe('In the unit of the figure; dimensionless where it is a ratio'),
  }),
  measured: z
    .strictObject({
      value: z.number(),
      low: z.number().describe('Of the 95 % interval, widened by the resolution'),
      high: z.number(),
      runs: count.describe('Fresh processes that it rests on, of the arm that has fewer'),
    })
    .nullable(),
  outcome: z
    .enum(['met', 'not-met', 'open', 'not-measured'])
    .describe('open: the interval lies on both sides, there are too few runs, or some failed'),
  why: z.string().nullable().describe('Why it is open or was not measured'),
  remedy: z.string().nullable(),
});
export type Finding = z.output<typeof findingSchema>;

export const verdictKinds = [
  'holds',
  'does-not-hold',
  'holds-in-part',
  'cannot-be-told',
  'cannot-be-measured',
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

const claimResultSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  sentence: z.strictObject({
    english: z.string(),
    original: z.string().nullable().describe('As the article has it, in its language'),
  }),
  source: z.string().describe('Where the article says it'),
  open: z.string().nullable().describe('What the article leaves open, and what was taken instead'),
  said: z.array(z.string()),
  hash: z.string().describe('Of the claim’s file: equal hashes mean equal claims'),
  again: z.string().describe('The command that measures it again'),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null: it was interrupted'),
  processes: count.describe('Fresh processes that were planned for each arm'),
  figures: z.array(claimFigureSchema),
  arms: z.array(claimArmSchema),
  findings: z.array(findingSchema),
  verdict: z.strictObject({
    kind: z.enum(verdictKinds),
    reason: z.string().describe('A sentence that the figures bear out'),
    remedy: z.string().nullable().describe('What would be needed to tell'),
  }),
});
export type ClaimResult = z.output<typeof claimResultSchema>;
export type Verdict = ClaimResult['verdict'];

export const claimsSchema = z.strictObject({
  schemaVersion: z.literal(claimsSchemaVersion),
  kind: z.literal('claims'),
  id: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while it is still being measured'),
  tool: toolSchema,
  host: hostSchema,
  cpus: z.strictObject({ load: z.string().nullable(), target: z.string().nullable() }),
  settings: z.strictObject({
    quick: z.boolean().describe('With fewer processes, so with wider intervals'),
    asked: z
      .array(z.strictObject({ name: z.string(), word: z.string() }))
      .describe('The claims that were to be measured, and how they were named'),
  }),
  warnings: z.array(warningSchema),
  claims: z.array(claimResultSchema),
});
export type ClaimsResult = z.output<typeof claimsSchema>;
