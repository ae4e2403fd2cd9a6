import { toLoadPlan, type ConnectionSettings } from '../config/load-plan.js';
import type { Scenario } from '../config/scenario.js';
import { withCleanup } from '../basis/cleanup.js';
import { formatCpuList, readAllowedCpus, type CpuSplit } from '../measure/cpus.js';
import { rangeText } from '../basis/address-range.js';
import { mostConnections, type EngineName } from '../load/plan.js';
import type { Warning } from '../results/figures.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { maySpin } from './cpu-sides.js';
import { startScheduling } from '../scheduling/start.js';
import type { BuiltTarget } from '../targets/build.js';
import { targetOrigin } from '../targets/origin.js';
import { replicasFor } from '../targets/replica-count.js';
import { launch, type RunningTarget, type TargetExit } from '../targets/launch.js';
import { howEnded } from '../process/guard.js';
import { lastLines } from '../process/output-tail.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { NothingMeasuredError } from './nothing-measured-error.js';
import type { MeasuredServer } from './server-figures.js';
import { runTrial, type Trial, type TrialObserver } from './trial.js';

/** What the trials of one command have in common. */
export interface TrialSetting {
  readonly connection: ConnectionSettings & { readonly engine: EngineName };
  readonly split: CpuSplit;
  readonly observer: TrialObserver;
  readonly signal: AbortSignal;
  /** Takes what disturbs all figures of the measurement, which one trial found out. */
  readonly warn: (warning: Warning) => void;
}

/** What is watched besides, and costs something, so not where latency counts. */
interface Watching {
  readonly sched: SchedulingChoice;
  /** Ask the target's /probe, if it has one. */
  readonly probe: boolean;
}

interface Watch {
  readonly scheduling: MeasuredServer['scheduling'];
  /** Only of a target that was started to be asked. */
  readonly probe: boolean;
}

/** A target that is up, and loaded with one scenario after the other. */
interface LoadedTarget {
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  /** It has a /probe. */
  readonly answersProbe: boolean;
  /** Loads and measures it once. */
  load(scenario: Scenario, watch: Watch): Promise<Trial>;
}

/** What a result says of a target before it was measured. */
export function describeTarget({ target, toolchain }: BuiltTarget, split: CpuSplit): TargetResult {
  const { name, runtime, role, family } = target.manifest;
  return {
    name,
    runtime: runtime.name,
    role,
    family,
    version: toolchain.version,
    url: '',
    cpus: formatCpuList(split.target),
    cpuCount: split.target.length,
    addresses: [],
    localAddresses: null,
    replicas: 1,
    trials: [],
  };
}

/** Starts a target in a fresh process on its CPUs, loads and measures it, and stops it. */
export function runTargetTrial(
  built: BuiltTarget,
  described: TargetResult,
  index: number,
  scenario: Scenario,
  { sched, probe }: Watching,
  setting: TrialSetting,
): Promise<Trial> {
  const connections = mostConnections(scenario.phases);
  return onTarget(built, described, index, { connections, probe }, setting, async (target) => {
    const { pids, ports } = target;
    const watched = { pids, ports, connections };
    return withCleanup(async (cleanup) => {
      const watch = await startScheduling(sched, watched, setting.signal);
      cleanup.add(() => watch.close());
      watch.warnings.forEach(setting.warn);
      return target.load(scenario, { scheduling: watch.instrument, probe });
    });
  });
}

/** Starts a target for `measure`, and stops it afterwards; notes in the trial if it died meanwhile. */
export async function onTarget(
  built: BuiltTarget,
  described: TargetResult,
  index: number,
  { connections, probe }: { readonly connections: number; readonly probe: boolean },
  setting: TrialSetting,
  measure: (target: LoadedTarget) => Promise<Trial>,
): Promise<Trial> {
  const { split, observer, signal } = setting;
  const replicas = replicasFor(connections);
  described.replicas = replicas;
  const onStarted = (started: number): void => observer.starting?.(started, replicas);
  const running = await launch(built, { cpus: split.target, replicas, probe, onStarted, signal });
  const exits: TargetExit[] = [];
  void running.exited.then((exit) => exits.push(exit));
  try {
    described.url = running.urls[0]!;
    described.addresses = [...new Set(running.urls.map((url) => new URL(url).hostname))];
    described.localAddresses = setting.connection.localAddresses?.map(rangeText) ?? null;
    // Unbound, it has the CPUs of c1m, which could not be bound either.
    const cpus = running.cpus ?? readAllowedCpus();
    described.cpus = formatCpuList(cpus);
    described.cpuCount = cpus.length;
    const target = loadedTarget(built, running, index, cpus.length, setting);
    const trial = await measure(target).catch((error: unknown) => {
      const [early] = exits;
      if (early === undefined || !(error instanceof NothingMeasuredError)) throw error;
      const message = death('before anything was measured', early, running.output());
      throw new TargetError('exited-early', message, deathRemedy);
    });
    const [early] = exits;
    return early === undefined ? trial : withDeath(trial, early, running.output());
  } finally {
    await running.stop();
  }
}

function loadedTarget(
  { artifactBytes, target }: BuiltTarget,
  { pids, urls, probeUrls, cpus, startupMs }: RunningTarget,
  index: number,
  cpuCount: number,
  { connection, split, observer, signal }: TrialSetting,
): LoadedTarget {
  const origins = urls.map((url) => targetOrigin(url, target.manifest));
  return {
    pids,
    ports: origins.map(({ port }) => port),
    answersProbe: probeUrls.length > 0,
    load: (scenario, { scheduling, probe }) => {
      const plan = toLoadPlan(scenario, origins, {
        ...connection,
        loadCpus: split.load.length,
        userAgent: `c1m/${version}`,
      });
      const server = {
        ...{ pids, owned: true, startupMs, artifactBytes, cpuCount, scheduling },
        ...(probe && probeUrls.length > 0 ? { probeUrls } : {}),
      };
      const spin = maySpin(split, plan.threads, cpus !== null);
      return runTrial(plan, index, server, spin, observer, signal);
    },
  };
}

/** The code of the warning in a trial during which the target ended. */
export const targetDied = 'target-died';
const deathRemedy = 'Start it with `c1m targets start NAME`, load it, and look at what it prints';

function death(when: string, exit: TargetExit, output: string): string {
  const said = lastLines(output);
  return `The target ended ${when} (${howEnded(exit)})${said === '' ? '' : `:\n${said}`}`;
}

function withDeath(trial: Trial, exit: TargetExit, output: string): Trial {
  const message = death('during the trial', exit, output);
  const warning = { code: targetDied, message, remedy: deathRemedy };
  const warnings = [warning, ...trial.result.warnings];
  return { ...trial, result: { ...trial.result, valid: false, complete: false, warnings } };
}
