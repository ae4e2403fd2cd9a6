import { z } from 'zod';

/**
 * A command of targets/PROGRAM.md. `wake` wakes the tasks of the last `park`, as many as that had;
 * `own` is one that a program has for a claim, by its own word.
 */
export type ProgramCommand =
  | { readonly name: 'own'; readonly word: string; readonly operations: number }
  | { readonly name: 'ping-pong' | 'spawn-join' | 'park' | 'wake'; readonly operations: number }
  | { readonly name: 'timer'; readonly operations: number; readonly askedMicros: number };

/** What a program says that a command took, in nanoseconds of its own clock. */
export interface Answer {
  readonly operations: number;
  readonly elapsedNs: number;
  /** One for each operation, of `wake` and `timer` only. */
  readonly samplesNs: readonly number[] | null;
  /** What all the operations together came to, by name; of `own` commands only, else empty. */
  readonly totals: Readonly<Record<string, number>>;
}

const answerSchema = z.object({
  operations: z.number().int().positive(),
  elapsedNs: z.number().int().nonnegative(),
  samplesNs: z.array(z.number().int()).optional(),
  totals: z.record(z.string(), z.number()).default({}),
});

/** Two clocks of one host differ in their rate by less (adjtimex(2) slews by at most 500 ppm). */
const clockTolerance = 1.001;

export function commandLine(command: ProgramCommand): string {
  switch (command.name) {
    case 'timer':
      return `timer ${command.askedMicros} ${command.operations}`;
    case 'wake':
      return 'wake';
    case 'own':
      return `${command.word} ${command.operations}`;
    default:
      return `${command.name} ${command.operations}`;
  }
}

/**
 * Reads a program's answer. It cannot have taken longer than c1m has waited for it.
 * @param wallNs from before the command was written to after the answer was read, by c1m's clock
 * @returns what is wrong with it as a sentence, or the answer
 */
export function readAnswer(command: ProgramCommand, line: string, wallNs: number): Answer | string {
  const parsed = answerSchema.safeParse(parseJson(line));
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  if (!parsed.success) return `it is no answer: ${shown}`;
  const { operations, elapsedNs, samplesNs, totals } = parsed.data;
  if (operations !== command.operations) {
    return `it counts ${operations} operations, not ${command.operations}`;
  }
  if (elapsedNs > wallNs * clockTolerance) {
    return `it claims ${elapsedNs} ns, but came after ${Math.round(wallNs)} ns`;
  }
  if (command.name !== 'wake' && command.name !== 'timer') {
    return { operations, elapsedNs, samplesNs: null, totals };
  }
  if (samplesNs?.length !== operations) {
    return `it has ${samplesNs?.length ?? 'no'} samplesNs, not one for each of ${operations} operations`;
  }
  return { operations, elapsedNs, samplesNs, totals };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
