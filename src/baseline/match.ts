import { chooseEngine } from '../config/engine-choice.js';
import { scenarioHash } from '../config/scenario-hash.js';
import type { Scenario } from '../config/scenario.js';
import { formatCpuList } from '../measure/cpus.js';
import { isLoad, type AnyResult } from '../store/reader.js';
import type { Host, RunResult, TargetResult, TrialResult } from '../results/schema.js';
import { repeatableScenario } from './repeatable-scenario.js';
import { comparableTrials } from './trial-values.js';
import type { Wanted } from './wanted.js';

/** A stored result that can be compared with. */
export interface Baseline {
  readonly result: RunResult;
  readonly target: TargetResult;
  /** Those of its trials that are valid; at least one. */
  readonly trials: readonly TrialResult[];
  /** Its load, to be made again. */
  readonly scenario: Scenario;
}

/** The baseline that the document is, or why it is none. */
export async function matchBaseline(result: AnyResult, wanted: Wanted): Promise<Baseline | string> {
  if (!isLoad(result)) {
    return `it is a result of c1m ${result.kind}`;
  }
  const { fingerprint } = wanted.host;
  if (result.host.fingerprint !== fingerprint) {
    return `it is of another host: ${describe(result.host)}, and this is ${describe(wanted.host)}`;
  }
  const target = targetOf(result, wanted.target);
  if (typeof target === 'string') return target;
  const trials = comparableTrials(target.trials);
  if (trials.length === 0) return `none of its ${target.trials.length} trials is valid`;
  const cpus = otherCpus(result, wanted);
  if (cpus !== null) return cpus;
  const scenario = await scenarioOf(result, wanted);
  return typeof scenario === 'string' ? scenario : { result, target, trials, scenario };
}

function describe({ cpuModel, cpus, kernel, fingerprint }: Host): string {
  return `${fingerprint} (${cpus} CPUs, ${cpuModel}, kernel ${kernel})`;
}

function targetOf({ targets }: RunResult, wanted: string | null): TargetResult | string {
  const names = targets.map(({ name }) => name).join(', ');
  const [only, ...others] = targets;
  if (wanted === null && others.length > 0) return `it has several targets; name one: ${names}`;
  const target = wanted === null ? only : targets.find(({ name }) => name === wanted);
  if (target === undefined) return `it has no target ${wanted ?? ''}, but ${names || 'none'}`;
  if (target.family === 'custom' && target.runtime === 'unknown') {
    return `it was measured at ${target.url}, of which c1m can start no fresh process`;
  }
  return target;
}

function otherCpus({ cpus }: RunResult, { split }: Wanted): string | null {
  const now = { load: formatCpuList(split.load), target: formatCpuList(split.target) };
  const same = (side: 'load' | 'target'): boolean =>
    cpus[side] === null || cpus[side] === now[side];
  if (same('load') && same('target')) return null;
  return `its load ran on CPU ${cpus.load ?? '?'} and its target on ${cpus.target ?? '?'}, which would now be ${now.load} and ${now.target} (--load-cpus, --target-cpus)`;
}

async function scenarioOf(result: RunResult, wanted: Wanted): Promise<Scenario | string> {
  const { hash, name } = result.scenario;
  const engineOf = (scenario: Scenario): ReturnType<typeof chooseEngine>['name'] =>
    chooseEngine(scenario, wanted.uring, null).name;
  const isSame = (scenario: Scenario): boolean =>
    scenarioHash(scenario, engineOf(scenario)) === hash;
  const scenario = wanted.scenario ?? (await repeatableScenario(result.scenario, isSame));
  if (scenario !== null && isSame(scenario)) return scenario;
  const engine = scenario === null ? null : engineOf(scenario);
  if (engine !== null && engine !== result.engine.name) {
    return `it was measured with the engine ${result.engine.name}, and this would be ${engine}`;
  }
  if (scenario === null) {
    return `its scenario ${name} cannot be repeated from the result, or c1m would choose another engine than ${result.engine.name}; give the same load with --scenario`;
  }
  return `it is of another load: its scenario ${name} has the hash ${hash}, and ${scenario.name} has ${scenarioHash(scenario, engineOf(scenario))}`;
}
