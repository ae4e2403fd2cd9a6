import type { ClaimArm, ClaimFigure, ClaimRun, Finding } from '../results/claims.js';
import { logSample } from '../stats/log-sample.js';
import { meanInterval } from '../stats/mean-interval.js';
import { median } from '../stats/sample.js';
import { meanRatio } from '../stats/welch.js';
import { standing } from './bound.js';
import type { Condition } from './claim.js';

/** With fewer, an interval is a dozen times as long as the values are apart. */
const fewestProcesses = 3;

const moreProcesses = 'Measure it again, without --quick, on a machine that does nothing else';

/** What the runs of a claim's arms say of one condition. Pure: the same runs, the same finding. */
export function findingOf(condition: Condition, arms: readonly ClaimArm[]): Finding {
  const { says, figure, arm, over, bound } = condition;
  const rested = [arm, ...(over === null ? [] : [over])].map((name) =>
    arms.find((each) => each.name === name)!,
  );
  const open = (outcome: 'open' | 'not-measured', why: string, remedy: string | null): Finding => ({
    ...{ says, figure: figure.name, arm, over, bound, measured, outcome, why, remedy },
  });
  const measured = measuredOf(condition, rested);

  for (const { name, skipped } of rested) {
    if (skipped === null) continue;
    return open('not-measured', `${name}: ${skipped.reason}`, skipped.remedy);
  }
  const failed = rested.find(({ failures }) => failures.length > 0);
  if (measured === null) {
    const failure = failed?.failures[0];
    if (failure !== undefined) {
      return open('not-measured', `${failed!.name}: ${failure.reason}`, failure.remedy);
    }
    const counts = rested.map(({ runs }) => valuesOf(figure, runs).length);
    if (rested.some(({ runs }, index) => runs.length > 0 && counts[index] === 0)) {
      const why = `${figure.title} could not be measured on this host`;
      return open('not-measured', why, 'c1m doctor says what is missing here.');
    }
    const fewest = Math.min(...counts);
    if (fewest < processesNeeded(figure.exact)) return open('open', tooFew(fewest), moreProcesses);
    const why = `${figure.title} is not above 0 in every process, so it has no ratio`;
    return open('not-measured', why, null);
  }
  const outcome = standing(measured, bound);
  if (outcome === 'open') return open('open', 'its interval lies on both sides', moreProcesses);
  // What failed may be what would have spoken against it.
  if (outcome === 'met' && failed !== undefined) {
    const { failures, name, runs } = failed;
    const why = `${failures.length} of ${failures.length + runs.length} processes of ${name} failed (${failures[0]!.reason})`;
    return open('open', why, failures[0]!.remedy);
  }
  return { ...open('open', '', null), outcome, why: null };
}

/** null where an interval cannot be had. */
function measuredOf({ figure, over }: Condition, rested: readonly ClaimArm[]): Finding['measured'] {
  const [values, others] = rested.map(({ runs }) => valuesOf(figure, runs));
  const counts = [values!, ...(over === null ? [] : [others!])].map(({ length }) => length);
  const runs = Math.min(...counts);
  if (runs < processesNeeded(figure.exact)) return null;
  if (over !== null) {
    if (figure.exact) {
      const value = values![0]! / others![0]!;
      return Number.isFinite(value) ? { value, low: value, high: value, runs } : null;
    }
    const [above, below] = [logSample(values!), logSample(others!)];
    if (above === null || below === null) return null;
    const { ratio, low, high } = meanRatio(above, below);
    return { value: ratio, low, high, runs };
  }
  const value = median(values!);
  if (figure.exact) return { value, low: value, high: value, runs };
  const { low, high } = meanInterval(values!);
  const { resolution } = figure;
  return {
    value,
    low: Math.max(Math.min(0, low), low - resolution),
    high: high + resolution,
    runs,
  };
}

function valuesOf({ name }: ClaimFigure, runs: readonly ClaimRun[]): number[] {
  return runs.flatMap(({ figures }) => figures[name] ?? []);
}

const processesNeeded = (exact: boolean): number => (exact ? 1 : fewestProcesses);

function tooFew(runs: number): string {
  const what =
    runs === 0 ? 'no process was' : runs === 1 ? 'one process was' : `${runs} processes were`;
  return `only ${what} measured, and an interval needs ${fewestProcesses}`.replace('only no', 'no');
}
