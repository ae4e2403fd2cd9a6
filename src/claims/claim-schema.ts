import { z } from 'zod';
import { asWritten, taken } from '../config/written.js';
import type { SchemaWords } from '../config/scenario-problems.js';
import { parseCount, parseDuration } from '../basis/units.js';
import { boundKinds, claimUnits } from '../results/claims.js';

const text = z.string().min(1);
const count = z.unknown().transform((value, issues) => taken(parseCount(asWritten(value)), issues));
/** Read once the unit of its figure is known. */
const amount = z.union([z.string(), z.number()]).optional();

const figureSchema = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9._]*$/, 'is not a name such as nsPerOperation'),
  title: text.optional(),
  unit: z.enum(claimUnits).optional(),
});

const armSchema = z.strictObject({
  name: text,
  program: text.optional(),
  command: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'is not a word of lower-case letters, digits and dashes')
    .optional(),
  operations: count.optional(),
  server: text.optional(),
  scenario: text.optional(),
  connections: count.optional(),
  scrape: z.string().startsWith('/').optional(),
  every: z
    .unknown()
    .transform((value, issues) => taken(parseDuration(asWritten(value)), issues))
    .optional(),
  calls: z.array(z.string().regex(/^[a-z0-9_]+$/, 'is no name of a system call')).default([]),
  measure: z.enum(['start', 'image']).optional(),
  env: z.record(z.string(), z.string()).default({}),
});
export type WrittenArm = z.output<typeof armSchema>;

const conditionSchema = z.strictObject({
  says: text,
  figure: text,
  arm: text,
  over: text.optional(),
  below: amount,
  atMost: amount,
  above: amount,
  atLeast: amount,
});
export type WrittenCondition = z.output<typeof conditionSchema>;

/** The file of a claim, which docs/claims.md describes. */
export const claimSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'is not lower-case letters, digits and dashes'),
  title: text,
  sentence: z.strictObject({ english: text, original: text.optional() }),
  source: text,
  open: text.optional(),
  said: z.array(text).min(1),
  processes: count.default(10),
  quick: count.default(4),
  figures: z.array(figureSchema).min(1),
  arms: z.array(armSchema).min(1),
  decides: z.array(conditionSchema).min(1),
});
export type WrittenClaim = z.output<typeof claimSchema>;
export type WrittenFigure = z.output<typeof figureSchema>;

export const claimWords: SchemaWords = {
  knownKeys: {
    '': Object.keys(claimSchema.shape),
    sentence: ['english', 'original'],
    figures: Object.keys(figureSchema.shape),
    arms: Object.keys(armSchema.shape),
    decides: Object.keys(conditionSchema.shape),
  },
  examples: {
    name: 'Write a name such as name: event-bus.',
    title: 'Write what it says in some words, such as title: A static binary starts at once.',
    sentence: 'Write it as in sentence: {english: A static binary starts in under 10 ms.}',
    english: 'Write the sentence in English.',
    source: 'Write where it is said, such as source: Deployment, third paragraph.',
    said: 'List the figures that it gives, such as said: [under 10 ms].',
    figures: 'Write them as in - {name: nsPerOperation, title: time per event, unit: ns}.',
    arms: 'List what is measured, such as - {name: Go, server: go-bare, measure: start}.',
    decides:
      'List what has to be so, such as - {says: it starts in time, figure: startup, arm: Go, below: 10ms}.',
    says: 'Write what has to be so, such as says: it starts in time.',
    unit: `Write one of ${claimUnits.join(', ')}.`,
    scrape: 'Write a path such as scrape: /debug/vars.',
    calls: 'List names such as calls: [epoll_pwait, futex].',
    command: 'Write the word that the program knows, such as command: generic-topic.',
    ...Object.fromEntries(
      boundKinds.map((kind) => [kind, 'Write an amount such as 10ms, 15MB or 0.5.']),
    ),
  },
  seeDocs: 'See docs/claims.md for what may stand here.',
};
