import { z } from 'zod';

/** A probe that did not answer, or not as targets/CONTRACT.md asks for, in words for its author. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
}

const figureName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name of a figure has letters and digits only');
const count = z.number().int('has to be a whole number').nonnegative('must not be negative');

/** As in OpenTelemetry's explicit buckets: one count more than bounds, for what is above the last. */
const histogram = z
  .object({ bounds: z.array(z.number()), counts: z.array(count) })
  .refine(({ bounds }) => bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!), {
    path: ['bounds'],
    error: 'bounds have to rise',
  })
  .refine(({ bounds, counts }) => counts.length === bounds.length + 1, {
    path: ['counts'],
    error: ({ input }) => {
      const { bounds, counts } = input as { bounds: unknown[]; counts: unknown[] };
      return `${counts.length} counts for ${bounds.length} bounds; one more count than bounds is due, for what is above the last`;
    },
  });

/** What a target says of its runtime: the body of `GET /probe`, all counts since it was started. */
const answerSchema = z.object({
  runtime: z.string().min(1),
  version: z.string(),
  tasks: z.object({ kind: z.string().min(1), count }).optional(),
  gauges: z.record(figureName, z.number()).default({}),
  counters: z.record(figureName, z.number().nonnegative('must not be negative')).default({}),
  histograms: z.record(figureName, histogram).default({}),
});
export type ProbeAnswer = z.output<typeof answerSchema>;

/** @throws ProbeError that names each member that is wrong, and how */
export function parseProbeAnswer(text: string): ProbeAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProbeError(`it is no JSON: ${JSON.stringify(text.slice(0, 80))}`);
  }
  const { success, data, error } = answerSchema.safeParse(value);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new ProbeError(problems.join('; '));
}
