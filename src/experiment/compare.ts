import { chooseEngine } from '../config/engine-choice.js';
import { toLoadPlan } from '../config/load-plan.js';
import { openScenario } from '../config/scenario-catalog.js';
import type { Scenario } from '../config/scenario.js';
import { scenarioDocument } from '../config/scenario-document.js';
import { scenarioHash } from '../config/scenario-hash.js';
import { formatCpuList, readAllowedCpus, splitCpus, type CpuSplit } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { pinSelf } from '../measure/pinning.js';
import {
  schemaVersion,
  type RunResult,
  type Skipped,
  type TargetResult,
} from '../results/schema.js';
import { buildTarget, type BuiltTarget } from '../targets/build.js';
import { loadCatalog, selectTargets } from '../targets/catalog.js';
import { launch } from '../targets/launch.js';
import { Toolchains } from '../targets/toolchain.js';
import { version } from '../version.js';
import { runTrial, type Trial, type TrialObserver } from './trial.js';

export interface CompareOptions {
  /** Names of targets, or runtimes; all without it. */
  readonly targets?: readonly string[];
  readonly targetFolders?: readonly string[];
  /** A file, or the name of a built-in scenario. */
  readonly scenario?: string;
  readonly trials?: number;
  readonly observer?: CompareObserver;
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
  const signal = options.signal ?? new AbortController().signal;
  const scenario = await openScenario(options.scenario ?? 'compare');
  const trials = options.trials ?? scenario.trials;
  const selected = selectTargets(
    await loadCatalog(options.targetFolders ?? []),
    options.targets ?? [],
  );
  const toolchains = new Toolchains();
  const skip = (skipped: Skipped): void => {
    result.skipped.push(skipped);
    options.observer?.skipped(skipped);
  };
  const split = splitCpus(readAllowedCpus());
  const result = emptyResult(scenario, split);
  const built: BuiltTarget[] = [];
  for (const target of selected) {
    if (signal.aborted) break;
    const { name, runtime } = target.manifest;
    const toolchain = await toolchains.find(runtime);
    if (!toolchain.found) {
      skip({ name, runtime: runtime.name, reason: toolchain.reason, remedy: toolchain.remedy });
      continue;
    }
    options.observer?.building(name);
    try {
      built.push(await buildTarget(target, { toolchain, signal }));
    } catch (error) {
      skip(failure(name, runtime.name, error, 'Mend the build; the message says where its log is'));
    }
  }
  for (const { target, toolchain } of built) {
    const { name, runtime, role, family } = target.manifest;
    result.targets.push({
      name,
      runtime: runtime.name,
      role,
      family,
      version: toolchain.version,
      url: '',
      cpus: formatCpuList(split.target),
      cpuCount: split.target.length,
      replicas: 1,
      trials: [],
    });
  }
  const pinning = pinSelf(split.load);
  try {
    for (let index = 0; index < trials; index++) {
      for (let turn = 0; turn < built.length; turn++) {
        if (signal.aborted) break;
        const place = (turn + index) % built.length;
        const target = result.targets[place]!;
        options.observer?.trial(target.name, index, trials);
        try {
          const trial = await measure(built[place]!, target, scenario, index, split, options);
          target.trials.push(trial.result);
          options.observer?.measured(result, target.name, trial);
        } catch (error) {
          if (isAborted(signal)) break;
          skip(
            failure(target.name, target.runtime, error, 'Start it by hand and look at its output'),
          );
        }
      }
    }
  } finally {
    pinning.restore();
  }
  result.finishedAt = new Date().toISOString();
  return result;
}

async function measure(
  built: BuiltTarget,
  target: TargetResult,
  scenario: Scenario,
  index: number,
  split: CpuSplit,
  options: CompareOptions,
): Promise<Trial> {
  const signal = options.signal ?? new AbortController().signal;
  const running = await launch(built, { cpus: split.target, signal });
  try {
    target.url = running.urls[0]!;
    const origins = running.urls.map((url) => {
      const { hostname, port } = new URL(url);
      return { protocol: 'http:' as const, hostname, address: hostname, port: Number(port) };
    });
    const plan = toLoadPlan(scenario, origins, {
      threads: null,
      loadCpus: split.load.length,
      verifyTls: true,
      userAgent: `c1m/${version}`,
    });
    const server = {
      pids: running.pids,
      startupMs: running.startupMs,
      artifactBytes: built.artifactBytes,
      cpuCount: target.cpuCount ?? 1,
    };
    const observer = options.observer ?? { phase: () => undefined, progress: () => undefined };
    return await runTrial(plan, index, server, observer, signal);
  } finally {
    await running.stop();
  }
}

function failure(name: string, runtime: string, error: unknown, remedy: string): Skipped {
  const reason = error instanceof Error ? error.message : String(error);
  return { name, runtime, reason, remedy };
}

function emptyResult(scenario: Scenario, split: CpuSplit): RunResult {
  const startedAt = new Date().toISOString();
  return {
    schemaVersion,
    kind: 'compare',
    id: `compare-${startedAt.replace(/[:.]/g, '-')}`,
    startedAt,
    finishedAt: null,
    tool: { name: 'c1m', version, node: process.version, command: process.argv.slice(2).join(' ') },
    host: readHost(),
    scenario: {
      name: scenario.name,
      hash: scenarioHash(scenario),
      document: scenarioDocument(scenario),
    },
    cpus: { load: formatCpuList(split.load), target: formatCpuList(split.target) },
    engine: chooseEngine(scenario),
    targets: [],
    skipped: [],
    unavailable: [],
  };
}

/** Asked anew: it may have been aborted while something was awaited. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
