import { chooseEngine } from '../config/engine-choice.js';
import { openScenario } from '../config/scenario-catalog.js';
import { readAllowedCpus } from '../measure/cpus.js';
import type { RunResult, Skipped } from '../results/schema.js';
import { buildTarget, type BuiltTarget } from '../targets/build.js';
import { loadCatalog, selectTargets, type Target } from '../targets/catalog.js';
import { Toolchains } from '../targets/toolchain.js';
import { uringSupport } from '../uring/support.js';
import { bindLoad, cpuSides, type CpuFlags } from './cpu-sides.js';
import { openResult } from './result-document.js';
import { describeTarget, runTargetTrial } from './target-trial.js';
import type { Trial, TrialObserver } from './trial.js';

export interface CompareOptions extends CpuFlags {
  /** Names of targets, or runtimes; all without it. */
  readonly targets?: readonly string[];
  readonly targetFolders?: readonly string[];
  /** A file, or the name of a built-in scenario. */
  readonly scenario?: string;
  readonly trials?: number;
  readonly observer?: Partial<CompareObserver>;
  readonly signal?: AbortSignal;
}

export interface CompareObserver extends TrialObserver {
  building(target: string): void;
  skipped(skipped: Skipped): void;
  trial(target: string, index: number, of: number): void;
  /** After every trial, so that an interrupt loses nothing. */
  measured(result: RunResult, target: string, trial: Trial): void;
}

/**
 * Builds the targets, starts each in a fresh process for every trial, loads and measures it. Trials
 * are interleaved over the targets and their order is rotated, so that a machine that drifts does
 * not favour one of them.
 */
export async function compare(options: CompareOptions = {}): Promise<RunResult> {
  const { signal = new AbortController().signal, observer: given = {} } = options;
  const observer: CompareObserver = { ...silent, ...given };
  const scenario = await openScenario(options.scenario ?? 'compare');
  const catalog = await loadCatalog(options.targetFolders ?? []);
  const selected = selectTargets(catalog, options.targets ?? []);
  const split = cpuSides(options, readAllowedCpus());
  const engine = chooseEngine(scenario, false, await uringSupport());
  const result = openResult('compare', scenario, engine);
  result.warnings.push(...split.warnings);
  const skip = (skipped: Skipped): void => {
    result.skipped.push(skipped);
    observer.skipped(skipped);
  };
  const built = await buildAll(selected, observer, skip, signal);
  result.targets.push(...built.map((target) => describeTarget(target, split)));
  const settings = { engine: engine.name, threads: null, verifyTls: true };
  const bound = bindLoad(result, split.load, split.target);
  try {
    for (const { place, index, of } of rotation(built.length, options.trials ?? scenario.trials)) {
      if (signal.aborted) break;
      const target = result.targets[place]!;
      observer.trial(target.name, index, of);
      const trial = await runTargetTrial(
        built[place]!,
        target,
        scenario,
        settings,
        split,
        observer,
        signal,
      ).catch((error: unknown) => {
        if (!signal.aborted) skip(failure(target, error, 'Try `c1m targets check` on it'));
        return null;
      });
      if (trial === null) continue;
      target.trials.push(trial.result);
      observer.measured(result, target.name, trial);
    }
  } finally {
    bound.restore();
  }
  result.finishedAt = new Date().toISOString();
  return result;
}

const silent: CompareObserver = {
  phase: () => undefined,
  progress: () => undefined,
  building: () => undefined,
  skipped: () => undefined,
  trial: () => undefined,
  measured: () => undefined,
};

/** Every target once a trial, each trial beginning with another one. */
function* rotation(
  targets: number,
  trials: number,
): Generator<{ place: number; index: number; of: number }> {
  for (let index = 0; index < trials; index++) {
    for (let turn = 0; turn < targets; turn++) {
      yield { place: (turn + index) % targets, index, of: trials };
    }
  }
}

async function buildAll(
  targets: readonly Target[],
  observer: CompareObserver,
  skip: (skipped: Skipped) => void,
  signal: AbortSignal,
): Promise<BuiltTarget[]> {
  const toolchains = new Toolchains();
  const built: BuiltTarget[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    const { name, runtime } = target.manifest;
    const toolchain = await toolchains.find(runtime);
    if (!toolchain.found) {
      skip({ name, runtime: runtime.name, reason: toolchain.reason, remedy: toolchain.remedy });
      continue;
    }
    observer.building(name);
    try {
      built.push(await buildTarget(target, { toolchain, signal }));
    } catch (error) {
      const remedy = 'Mend the build; the message says where its log is';
      skip(failure({ name, runtime: runtime.name }, error, remedy));
    }
  }
  return built;
}

function failure(
  { name, runtime }: { name: string; runtime: string },
  error: unknown,
  remedy: string,
): Skipped {
  return { name, runtime, reason: error instanceof Error ? error.message : String(error), remedy };
}
