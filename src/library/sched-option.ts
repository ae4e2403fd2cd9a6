import type { Problem } from '../basis/problem.js';
import { schedulingChoices, type SchedulingChoice } from '../scheduling/choice.js';

/** Callers in JavaScript may give any text. null where it is not given, or none of the choices. */
export function readSched(
  written: SchedulingChoice | undefined,
  problems: Problem[],
): SchedulingChoice | null {
  if (written === undefined) return null;
  if (schedulingChoices.includes(written)) return written;
  const message = `"${written}" is no way to watch the scheduling`;
  problems.push({ where: '--sched', message, remedy: `Choose ${schedulingChoices.join(', ')}.` });
  return null;
}
