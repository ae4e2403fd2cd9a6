import type { Problem } from '../basis/problem.js';
import { parseCount } from '../basis/units.js';
import { readCpuFlags, type CpuFlags } from '../config/cpu-flags.js';
import { FlagReader } from '../config/flag-reader.js';
import { parseMemoryLimit } from '../config/memory-limit.js';
import { parseStreams, readConditions } from '../config/run-flags.js';
import { openScenario } from '../config/scenario-catalog.js';
import { compare as compareTargets } from '../experiment/compare.js';
import type { CompareObserver } from '../experiment/compare-observer.js';
import { comparedLoad, settleComparison } from '../experiment/compare-request.js';
import { readAllowedCpus } from '../measure/cpus.js';
import type { RunResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { targetDescriber } from '../subject/target-describer.js';
import { namedTargets, readTargets } from '../subject/words.js';
import { refuseOthers, type Kind } from './option-kinds.js';
import { namingOptions } from './option-problems.js';
import { readSched } from './sched-option.js';

/** What `compare` takes: the flags of `c1m compare` by their names, typed. Others are refused. */
export interface CompareOptions extends CpuFlags {
  /** Names of targets, or runtimes; all without it. */
  readonly targets?: readonly string[] | undefined;
  readonly targetFolders?: readonly string[] | undefined;
  /** A file, or the name of a built-in scenario. */
  readonly scenario?: string | undefined;
  readonly trials?: number | string | undefined;
  /** By prior knowledge, with all servers that speak it. */
  readonly http2?: boolean | undefined;
  /** With HTTP/2: requests at once on each connection. */
  readonly streams?: number | string | undefined;
  /** What watches their scheduling; `auto` without it, where the scenario says at what loads. */
  readonly sched?: SchedulingChoice | undefined;
  /** Conditions that must hold of every target; they come after those of the scenario. */
  readonly failIf?: readonly string[] | undefined;
  readonly memoryLimit?: string | undefined;
  readonly observer?: Partial<CompareObserver> | undefined;
  /** Aborting it ends the comparison with what was measured so far. */
  readonly signal?: AbortSignal | undefined;
}

export const compareOptionKinds: Readonly<Record<keyof CompareOptions, Kind>> = {
  targets: 'texts',
  targetFolders: 'texts',
  scenario: 'text',
  trials: 'number',
  http2: 'boolean',
  streams: 'number',
  sched: 'choice',
  failIf: 'texts',
  memoryLimit: 'text',
  loadCpus: 'text',
  targetCpus: 'text',
  observer: 'other',
  signal: 'other',
};

const never = new AbortController().signal;

/**
 * Builds targets, starts each in a fresh process for every trial, loads and measures it. Throws a
 * ConfigError that names every mistake.
 */
export async function compare(options: CompareOptions = {}): Promise<RunResult> {
  return namingOptions(Object.keys(compareOptionKinds), async () => {
    refuseOthers('compare', options, compareOptionKinds);
    const { observer = {}, signal = never } = options;
    const problems: Problem[] = [];
    const flag = new FlagReader(problems);
    const { targets = [], targetFolders = [] } = options;
    const chosen = (ofScenario: readonly string[]): readonly string[] =>
      targets.length > 0 ? targets : ofScenario;
    const describer = targetDescriber(
      (these) => namedTargets(chosen(these), targetFolders),
      signal,
    );
    const written = await flag.wait(openScenario(options.scenario ?? 'compare', describer));
    const streams = flag.read('--streams', options.streams, parseStreams);
    const asked = {
      failIf: readConditions(options.failIf, flag),
      trials: flag.read('--trials', options.trials, parseCount),
      memoryLimit: flag.read('--memory-limit', options.memoryLimit, parseMemoryLimit),
      cpus: readCpuFlags(options, readAllowedCpus(), problems),
      sched: readSched(options.sched, problems),
    };
    flag.end();
    const scenario = comparedLoad(written!, { http2: options.http2 ?? null, streams });
    const subjects = await readTargets(chosen(scenario.targets), targetFolders, scenario);
    const request = settleComparison({ ...asked, scenario, subjects });
    return compareTargets(request, observer, signal);
  });
}
