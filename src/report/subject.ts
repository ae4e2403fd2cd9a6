import { commonUnit } from '../figures/unit-words.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { RunResult, TargetResult, TrialResult } from '../results/schema.js';

/** A target of one of the results that a report is about. */
export interface Subject {
  /** Its name, and the number of its result where there are several. */
  readonly label: string;
  readonly result: RunResult;
  readonly target: TargetResult;
  /** Of which its figures are. */
  readonly plain: readonly TrialResult[];
  /** Of its scheduling only: watching it costs throughput. */
  readonly watched: readonly TrialResult[];
}

/** The targets of all results, those of one name beside each other. */
export function subjectsOf(results: readonly RunResult[]): Subject[] {
  const several = results.length > 1;
  const names = new Set(results.flatMap(({ targets }) => targets.map(({ name }) => name)));
  return [...names].flatMap((name) =>
    results.flatMap((result, index) =>
      result.targets
        .filter((target) => target.name === name)
        .map((target) => ({
          label: several ? `${name} [${index + 1}]` : name,
          result,
          target,
          plain: target.trials.filter((trial) => isPlain(result, trial)),
          watched: target.trials.filter(({ traced }) => traced),
        })),
    ),
  );
}

/** What was counted of them. */
export function unitOfSubjects(subjects: readonly Subject[]): ExchangeUnit {
  const trials = subjects.flatMap(({ target }) => target.trials);
  return commonUnit(trials.map(({ load }) => load.unit));
}

/** A run that was watched has no other trial: its figures are shown, and its warning tells the cost. */
function isPlain({ kind }: RunResult, { traced }: TrialResult): boolean {
  return kind === 'run' || !traced;
}
