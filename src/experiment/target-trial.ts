import { toLoadPlan, type ConnectionSettings } from '../config/load-plan.js';
import type { Scenario } from '../config/scenario.js';
import { withCleanup } from '../basis/cleanup.js';
import { formatCpuList, readAllowedCpus, type CpuSplit } from '../measure/cpus.js';
import { rangeText } from '../basis/address-range.js';
import { mostConnections, type EngineName } from '../load/plan.js';
import type { Warning } from '../results/figures.js';
import type { TargetResult } from '../results/schema.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { crowdedThreads, maySpin } from './cpu-sides.js';
import { startScheduling } from '../scheduling/start.js';
import { urlOf, type Ending, type RunningServer } from '../subject/running-server.js';
import { startTarget } from '../subject/start-target.js';
import type { BuiltTarget } from '../targets/build.js';
import type { Manifest } from '../targets/manifest.js';
import { replicasFor } from '../targets/replica-count.js';
import { placedOn } from '../targets/served.js';
import { lastLines } from '../process/output-tail.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { NothingMeasuredError } from './nothing-measured-error.js';
import type { Watching } from './instruments.js';
import type { Trial } from './trial-record.js';
import { runTrial, type TrialObserver } from './trial.js';

/** What the trials of one command have in common. */
export interface TrialSetting {
  readonly connection: ConnectionSettings & { readonly engine: EngineName };
  readonly split: CpuSplit;
  readonly observer: TrialObserver;
  readonly signal: AbortSignal;
  /** Takes what disturbs all figures of the measurement, which one trial found out. */
  readonly warn: (warning: Warning) => void;
}

/** What is to be watched besides, and costs something, so not where latency counts. */
interface ToWatch {
  readonly sched: SchedulingChoice;
  /** Ask the target's /probe, if it has one. */
  readonly probe: boolean;
  /** Begins what goes on beside the load, of which it gets a port of its own as well; gives what ends it. */
  readonly beside?: (server: RunningServer) => Promise<() => Promise<void>>;
}

/** Loads a target that is up with a scenario, and measures it once. */
type MeasureTarget = (scenario: Scenario, watching: Watching) => Promise<Trial>;

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
  { sched, probe, beside }: ToWatch,
  setting: TrialSetting,
): Promise<Trial> {
  const connections = mostConnections(scenario.phases);
  const port = { connections, probe: probe || beside !== undefined };
  return onTarget(built, described, index, port, setting, (server, measure) =>
    withCleanup(async (cleanup) => {
      const watch = await startScheduling(sched, watchedOf(server, connections), setting.signal);
      cleanup.add(() => watch.close());
      watch.warnings.forEach(setting.warn);
      if (beside !== undefined) cleanup.add(await beside(server));
      return measure(scenario, { scheduling: watch.instrument, probe });
    }),
  );
}

/** Starts a target for `use`, and stops it afterwards; notes in the trial if it died meanwhile. */
export async function onTarget(
  built: BuiltTarget,
  described: TargetResult,
  index: number,
  { connections, probe }: { readonly connections: number; readonly probe: boolean },
  setting: TrialSetting,
  use: (server: RunningServer, measure: MeasureTarget) => Promise<Trial>,
): Promise<Trial> {
  const { split, observer, signal } = setting;
  const replicas = replicasFor(connections);
  described.replicas = replicas;
  const onStarted = (started: number): void => observer.starting?.(started, replicas);
  const options = { cpus: split.target, replicas, probe, onStarted, signal };
  const server = await startTarget(built, options);
  try {
    described.url = urlOf(server.origins[0]!);
    described.addresses = [...new Set(server.origins.map(({ address }) => address))];
    described.localAddresses = setting.connection.localAddresses?.map(rangeText) ?? null;
    described.cpus = formatCpuList(server.cpus ?? readAllowedCpus());
    described.cpuCount = server.cpuCount;
    const trial = await use(server, (scenario, watching) =>
      measureTarget(server, built.target.manifest, index, scenario, watching, setting),
    ).catch((error: unknown) => {
      const ending = server.ended();
      if (ending === null || !(error instanceof NothingMeasuredError)) throw error;
      const message = death('before anything was measured', ending);
      throw new TargetError('exited-early', message, deathRemedy);
    });
    const ending = server.ended();
    return ending === null ? trial : withDeath(trial, ending);
  } finally {
    await server.stop();
  }
}

function measureTarget(
  server: RunningServer,
  manifest: Manifest,
  index: number,
  scenario: Scenario,
  watching: Watching,
  { connection, split, observer, signal, warn }: TrialSetting,
): Promise<Trial> {
  const plan = toLoadPlan(placedOn(scenario, manifest), server.origins, {
    ...connection,
    loadCpus: split.load.length,
    userAgent: `c1m/${version}`,
  });
  crowdedThreads(plan.threads, split.load).forEach(warn);
  const spin = maySpin(split, plan.threads, server.cpus !== null);
  return runTrial(plan, index, server, watching, spin, observer, signal);
}

/** What an instrument is told of a server. */
export function watchedOf(
  { pids, origins }: Pick<RunningServer, 'pids' | 'origins'>,
  connections: number,
): Parameters<typeof startScheduling>[1] {
  return { pids, ports: origins.map(({ port }) => port), connections };
}

/** The code of the warning in a trial during which the target ended. */
export const targetDied = 'target-died';
const deathRemedy = 'Start it with `c1m targets start NAME`, load it, and look at what it prints';

function death(when: string, { how, said }: Ending): string {
  const last = lastLines(said);
  return `The target ended ${when} (${how})${last === '' ? '' : `:\n${last}`}`;
}

/** In place of what its windows say of its process: it tells why. */
function withDeath(trial: Trial, ending: Ending): Trial {
  const message = death('during the trial', ending);
  const warning = { code: targetDied, message, remedy: deathRemedy };
  const others = trial.result.warnings.filter(({ code }) => code !== 'server-ended');
  const result = { ...trial.result, valid: false, complete: false, warnings: [warning, ...others] };
  return { ...trial, result };
}
