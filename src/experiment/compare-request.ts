import type { MemoryLimit } from '../basis/memory-limit.js';
import { nothingAsked, type AskedLoad } from '../config/asked-load.js';
import type { AskedCpus } from '../config/cpu-flags.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import { settleRun } from '../config/run-request.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { Scenario } from '../config/scenario.js';
import { refuseSharedSocket } from '../config/unix-rules.js';
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
 * The load of a scenario, over HTTP/2 where that is asked for.
 * @throws ConfigError with all that is wrong
 */
export function comparedLoad(
  scenario: Scenario,
  asked: Pick<AskedLoad, 'http2' | 'streams'>,
): Scenario {
  refuseSharedSocket(scenario);
  return settleRun({ ...nothingAsked, ...asked, scenario }, [], []).scenario;
}

/**
 * What is not said is as in the scenario.
 * @throws ConfigError with what cannot be compared
 */
export function settleComparison(asked: AskedComparison): CompareRequest {
  const { subjects, scenario } = asked;
  const sched = asked.sched ?? (scenario.scheduling === null ? 'off' : 'auto');
  if (scenario.fanOut && sched !== 'off') throw new ConfigError([unwatchable]);
  return {
    subjects,
    scenario: { ...scenario, failIf: [...scenario.failIf, ...asked.failIf] },
    trials: asked.trials ?? scenario.trials,
    sched,
    cpus: asked.cpus,
    memoryLimit: asked.memoryLimit ?? defaultMemoryLimit,
  };
}
