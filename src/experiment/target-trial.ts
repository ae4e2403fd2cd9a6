import { toLoadPlan, type ConnectionSettings } from '../config/load-plan.js';
import type { Scenario } from '../config/scenario.js';
import { formatCpuList, readAllowedCpus, type CpuSplit } from '../measure/cpus.js';
import type { EngineName } from '../load/plan.js';
import type { TargetResult } from '../results/schema.js';
import type { BuiltTarget } from '../targets/build.js';
import { replicasFor } from '../targets/replica-count.js';
import { launch, type TargetExit } from '../targets/launch.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { NothingMeasuredError } from './nothing-measured-error.js';
import { runTrial, type Trial, type TrialObserver } from './trial.js';

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
    replicas: 1,
    trials: [],
  };
}

interface TargetTrialSettings extends ConnectionSettings {
  readonly engine: EngineName;
  /** Ask the target's /probe, if it has one: that costs it something, so not where latency counts. */
  readonly probe: boolean;
}

/** Starts a target in a fresh process on its CPUs, loads and measures it, and stops it. */
export async function runTargetTrial(
  built: BuiltTarget,
  described: TargetResult,
  index: number,
  scenario: Scenario,
  settings: TargetTrialSettings,
  split: CpuSplit,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Trial> {
  const replicas = replicasFor(mostConnections(scenario));
  described.replicas = replicas;
  const onStarted = (started: number): void => observer.starting?.(started, replicas);
  const { probe } = settings;
  const running = await launch(built, { cpus: split.target, replicas, probe, onStarted, signal });
  const exits: TargetExit[] = [];
  void running.exited.then((exit) => exits.push(exit));
  try {
    described.url = running.urls[0]!;
    // Unbound, it has the CPUs of c1m, which could not be bound either.
    const cpus = running.cpus ?? readAllowedCpus();
    described.cpus = formatCpuList(cpus);
    described.cpuCount = cpus.length;
    const origins = running.urls.map((url) => {
      const { hostname, port } = new URL(url);
      return { protocol: 'http:' as const, hostname, address: hostname, port: Number(port) };
    });
    const plan = toLoadPlan(scenario, origins, {
      ...settings,
      loadCpus: split.load.length,
      userAgent: `c1m/${version}`,
    });
    const server = {
      pids: running.pids,
      owned: true,
      startupMs: running.startupMs,
      artifactBytes: built.artifactBytes,
      cpuCount: cpus.length,
      ...(running.probeUrls.length === 0 ? {} : { probeUrls: running.probeUrls }),
    };
    const apart = running.cpus !== null && !split.load.some((cpu) => split.target.includes(cpu));
    const spin = apart && plan.threads <= split.load.length;
    const trial = await runTrial(plan, index, server, spin, observer, signal).catch(
      (error: unknown) => {
        const [early] = exits;
        if (early === undefined || !(error instanceof NothingMeasuredError)) throw error;
        const message = death('before anything was measured', early, running.output());
        throw new TargetError('exited-early', message, deathRemedy);
      },
    );
    const [early] = exits;
    return early === undefined ? trial : withDeath(trial, early, running.output());
  } finally {
    await running.stop();
  }
}

/** The code of the warning in a trial during which the target ended. */
export const targetDied = 'target-died';
const deathRemedy = 'Start it with `c1m targets start NAME`, load it, and look at what it prints';

function death(when: string, { code, signal }: TargetExit, output: string): string {
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : signal;
  const said = output.trim().split('\n').slice(-5).join('\n');
  return `The target ended ${when} (${how})${said === '' ? '' : `:\n${said}`}`;
}

function mostConnections({ phases }: Scenario): number {
  return Math.max(...phases.map(({ connections: { from, to } }) => Math.max(from, to)));
}

function withDeath(trial: Trial, exit: TargetExit, output: string): Trial {
  const message = death('during the trial', exit, output);
  const warning = { code: targetDied, message, remedy: deathRemedy };
  const warnings = [warning, ...trial.result.warnings];
  return { ...trial, result: { ...trial.result, valid: false, complete: false, warnings } };
}
