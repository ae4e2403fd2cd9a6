import type { MemoryLimit } from '../basis/memory-limit.js';
import type { AskedCpus } from '../config/cpu-flags.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { Scenario } from '../config/scenario.js';
import { refuseSharedSocket } from '../config/unix-rules.js';
import { webSocketProblems } from '../config/websocket-rules.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import type { TargetSubject } from '../subject/subject.js';
import type { Threshold } from '../thresholds/threshold.js';

const unwatchable: Problem = {
  where: '--sched',
  message:
    'scheduling is watched at shares of what a target answers, and a fan-out is not answered',
  remedy: 'Leave it out, with --sched off.',
};

/** What is compared, and how. */
export interface CompareRequest {
  readonly subjects: readonly TargetSubject[];
  /** With its conditions, which must hold of every target. */
  readonly scenario: Scenario;
  /** Of each target. */
  readonly trials: number;
  /** What watches their scheduling. */
  readonly sched: SchedulingChoice;
  readonly cpus: AskedCpus;
  /** Of this host. */
  readonly memoryLimit: MemoryLimit;
}

/** What flags or options ask of a comparison; null where they do not say. */
interface AskedComparison {
  readonly subjects: readonly TargetSubject[];
  readonly scenario: Scenario;
  /** Conditions that must hold; they come after those of the scenario. */
  readonly failIf: readonly Threshold[];
  readonly trials: number | null;
  readonly sched: SchedulingChoice | null;
  readonly cpus: AskedCpus;
  readonly memoryLimit: MemoryLimit | null;
}

/**
 * What is not said is as in the scenario.
 * @throws ConfigError with what cannot be compared
 */
export function settleComparison(asked: AskedComparison): CompareRequest {
  const { subjects, scenario } = asked;
  refuseSharedSocket(scenario);
  const sched = asked.sched ?? (scenario.scheduling === null ? 'off' : 'auto');
  const problems = webSocketProblems(scenario, []);
  if (scenario.fanOut && sched !== 'off') problems.push(unwatchable);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    subjects,
    scenario: { ...scenario, failIf: [...scenario.failIf, ...asked.failIf] },
    trials: asked.trials ?? scenario.trials,
    sched,
    cpus: asked.cpus,
    memoryLimit: asked.memoryLimit ?? defaultMemoryLimit,
  };
}
