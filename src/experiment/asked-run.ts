import { ConfigError, type Problem } from '../basis/problem.js';
import type { AskedLoad } from '../config/asked-load.js';
import type { AskedCpus } from '../config/cpu-flags.js';
import { settleRun, type RunRequest } from '../config/run-request.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import type { RunSubject } from '../subject/subject.js';

/** What flags or options ask of a run; null where they do not say. */
interface AskedRun {
  /** null where it could not be read: then there is a problem. */
  readonly subject: RunSubject | null;
  readonly load: AskedLoad;
  readonly cpus: AskedCpus;
  readonly sched: SchedulingChoice | null;
  readonly probe: boolean;
}

/** How a subject is loaded and measured. */
export interface Measurement extends RunRequest {
  readonly cpus: AskedCpus;
  /** What watches how the server is scheduled; one that runs already must have its pid known. */
  readonly sched: SchedulingChoice;
  /** Ask a target each second what its runtime says of itself, where it has a /probe. */
  readonly probe: boolean;
}

/**
 * @param problems what is known already to be wrong
 * @throws ConfigError with all that is wrong
 */
export function settleMeasurement(
  { subject, load, cpus, sched, probe }: AskedRun,
  problems: Problem[],
): { readonly subject: RunSubject; readonly how: Measurement } {
  const settled = settleRun(load, subject?.kind === 'urls' ? subject.urls : [], problems);
  if (subject === null) throw new ConfigError(problems);
  return { subject, how: { ...settled, cpus, sched: sched ?? 'off', probe } };
}
