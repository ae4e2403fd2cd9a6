import { chooseEngine } from '../config/engine-choice.js';
import { schedulingDefaults } from '../config/scenario.js';
import { readAllowedCpus } from '../measure/cpus.js';
import type { Warning } from '../results/figures.js';
import type { Failure, RunResult } from '../results/schema.js';
import { reasonOf, remedyOf } from '../targets/target-error.js';
import { uringSupport } from '../uring/support.js';
import { buildTargets } from './build-targets.js';
import type { CompareRequest } from './compare-request.js';
import { silent, type CompareObserver } from './compare-observer.js';
import { judgeConditions, refuseUnaskable } from './conditions.js';
import { boundToLoad, cpuSides } from './cpu-sides.js';
import { rebuiltWarnings } from './rebuilt.js';
import { openResult } from './result-document.js';
import { rotation } from './rotation.js';
import { describeTarget, runTargetTrial, targetDied, type TrialSetting } from './target-trial.js';
import { runSchedulingTurns } from './scheduling-turns.js';
import { runSchedulingTrial } from './scheduling-trial.js';

/**
 * Builds the targets, starts each in a fresh process for every trial, loads and measures it. Trials
 * are interleaved over the targets and their order is rotated, so that a machine that drifts does
 * not favour one of them.
 */
export async function compare(
  { subjects, scenario, trials, sched, cpus, memoryLimit }: CompareRequest,
  given: Partial<CompareObserver>,
  signal: AbortSignal,
): Promise<RunResult> {
  const observer: CompareObserver = { ...silent, ...given };
  const seesRequests = sched === 'ebpf' || sched === 'auto';
  refuseUnaskable(scenario, { server: 'started', scheduling: seesRequests ? 'apart' : 'none' });
  const split = cpuSides(cpus, readAllowedCpus());
  const engine = chooseEngine(scenario, await uringSupport(), null);
  const result = openResult('compare', scenario, engine);
  result.warnings.push(...split.warnings);
  const built = await buildTargets(
    subjects.map(({ target }) => target),
    {
      building: (target) => observer.building(target),
      skipped: (skipped) => {
        result.skipped.push(skipped);
        observer.skipped(skipped);
      },
      failed: (failure) => fail(result, observer, failure),
    },
    signal,
  );
  result.warnings.push(...built.flatMap(rebuiltWarnings));
  result.targets.push(...built.map((target) => describeTarget(target, split)));
  const connection = {
    engine: engine.name,
    threads: null,
    connectRatePerSecond: null,
    localAddresses: null,
    memoryLimit,
  };
  const setting: TrialSetting = { connection, split, observer, signal, warn: warnOnce(result) };
  /** Those that have a watched trial, to which their turns at the low load are added. */
  const takeTurns = async (): Promise<void> => {
    const turners = result.targets.flatMap((described, place) => {
      const phases = described.trials.find(({ traced }) => traced)?.phases;
      return phases === undefined ? [] : [{ built: built[place]!, described, phases }];
    });
    if (turners.length === 0) return;
    observer.watching('all targets, by turns');
    const loads = scenario.scheduling ?? schedulingDefaults;
    await runSchedulingTurns(turners, scenario, loads, sched, setting).catch((error: unknown) => {
      if (signal.aborted) return;
      const name = 'turns';
      const [reason, remedy] = [reasonOf(error), remedyOf(error, checkIt)];
      fail(result, observer, { name, runtime: 'all', trial: null, reason, remedy });
    });
  };
  const measure = async (): Promise<void> => {
    const watches = sched === 'off' ? 0 : 1;
    const turns = [...rotation(built.length, trials + watches)];
    for (const [turn, { place, index }] of turns.entries()) {
      if (signal.aborted) break;
      observer.turn(turn, turns.length, result.targets[place]!.name);
      const watched = index === trials;
      const target = result.targets[place]!;
      const failed = (reason: string, remedy: string): void => {
        const { name, runtime } = target;
        fail(result, observer, { name, runtime, trial: index, reason, remedy });
      };
      if (watched) observer.watching(target.name);
      else observer.trial(target.name, index, trials);
      const loads = scenario.scheduling ?? schedulingDefaults;
      const trial = await (
        watched
          ? runSchedulingTrial(built[place]!, target, index, scenario, loads, sched, setting)
          : runTargetTrial(built[place]!, target, index, scenario, unwatched, setting)
      ).catch((error: unknown) => {
        if (!signal.aborted) failed(reasonOf(error), remedyOf(error, checkIt));
        return null;
      });
      if (trial === null) continue;
      target.trials.push(trial.result);
      observer.measured(result, target.name, trial);
      const death = trial.result.warnings.find(({ code }) => code === targetDied);
      if (death !== undefined) failed(death.message, death.remedy);
    }
    if (sched !== 'off' && !signal.aborted) await takeTurns();
  };
  await boundToLoad(result, split.load, split.target, measure);
  judgeConditions(result, scenario);
  result.finishedAt = new Date().toISOString();
  return result;
}

const unwatched = { sched: 'off', probe: false } as const;
const checkIt = 'Try `c1m targets check NAME`';

/** Several targets may find out the same. */
function warnOnce({ warnings }: RunResult): (warning: Warning) => void {
  return (warning) => {
    const known = warnings.some((w) => w.code === warning.code && w.message === warning.message);
    if (!known) warnings.push(warning);
  };
}

function fail(result: RunResult, observer: CompareObserver, failure: Failure): void {
  result.failures.push(failure);
  observer.failed(result, failure);
}
