import { chooseEngine } from '../config/engine-choice.js';
import { toLoadPlan } from '../config/load-plan.js';
import { ConfigError } from '../basis/problem.js';
import type { RunFlags } from '../config/run-flags.js';
import { readRunRequest } from '../config/run-request.js';
import type { Scenario } from '../config/scenario.js';
import { keptUrl } from '../config/secrets.js';
import { parseCount } from '../basis/units.js';
import { compileRequests } from '../load/http1/request-encoder.js';
import { rangeText } from '../basis/address-range.js';
import { mostConnections, type LoadPlan } from '../load/plan.js';
import { resolveOrigins } from '../load/resolve.js';
import { withCleanup } from '../basis/cleanup.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { NoSuchProcessError } from '../measure/process-tree.js';
import type { RunResult, TargetResult } from '../results/schema.js';
import { attach } from '../subject/attach.js';
import type { RunningServer } from '../subject/running-server.js';
import { buildTarget } from '../targets/build.js';
import { loadCatalog, readTarget, selectTargets, type Target } from '../targets/catalog.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';
import { uringSupport } from '../uring/support.js';
import { version } from '../version.js';
import { judgeConditions, refuseUnaskable } from './conditions.js';
import { boundToLoad, cpuSides, type CpuFlags } from './cpu-sides.js';
import type { Warning } from '../results/figures.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling, type Watch } from '../scheduling/start.js';
import { rebuiltWarnings } from './rebuilt.js';
import { openResult } from './result-document.js';
import { describeTarget, runTargetTrial, watchedOf } from './target-trial.js';
import { runTrial, type Trial, type TrialObserver } from './trial.js';

export interface RunOptions extends RunFlags, CpuFlags {
  /** The process of the server, to be measured beside the load. */
  readonly pid?: string;
  /** What watches how the server is scheduled; needs `pid`, or a target. Off without it. */
  readonly sched?: SchedulingChoice | undefined;
  /** Ask the target each second what its runtime says of itself, where it has a /probe. */
  readonly probe?: boolean | undefined;
  readonly targetFolders?: readonly string[];
  readonly observer?: TrialObserver;
  /** Aborting it ends the run with what was measured so far. */
  readonly signal?: AbortSignal;
}

export interface Run {
  readonly result: RunResult;
  /** Whole histograms, as text in HdrHistogram's V2 log format. */
  readonly intervalLog: string;
}

const silent: TrialObserver = { phase: () => undefined, progress: () => undefined };

/**
 * Loads a URL, or several that share a path and the connections, or a target by its name or folder,
 * which is started for it and stopped afterwards. The options are the flags of `c1m run`, as strings.
 */
export async function run(
  subject: string | readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const subjects = typeof subject === 'string' ? [subject] : subject;
  const [name = ''] = subjects;
  if (subjects.length === 1 && /^(\.{0,2}\/|\.{1,2}$)/.test(name)) {
    return runTarget(await readTarget(name), options);
  }
  const mayBeTarget = subjects.length === 1 && /^[a-z0-9-]+$/.test(name);
  const catalog = mayBeTarget ? await loadCatalog(options.targetFolders ?? []) : [];
  const isTarget = catalog.some(({ manifest }) => manifest.name === name);
  if (!isTarget) return runUrls(subjects, options);
  return runTarget(selectTargets(catalog, [name])[0]!, options);
}

async function runUrls(written: readonly string[], options: RunOptions): Promise<Run> {
  const { scenario, origins, urls, settings } = await readRunRequest(options, written);
  const pid = options.pid === undefined ? null : readPid(options.pid);
  refuseUnaskable(scenario, {
    server: pid === null ? 'none' : 'known',
    scheduling: watchesDelay(options.sched),
  });
  const allowed = readAllowedCpus();
  // The other half is left to the server, where it runs on the same machine.
  const { load } = cpuSides({ loadCpus: options.loadCpus }, allowed);
  const secure = origins.some(({ protocol }) => protocol === 'https:');
  const engine = chooseEngine(
    scenario,
    secure,
    await uringSupport(),
    settings.localAddresses !== null,
  );
  const resolved = await Promise.all(origins.map((origin) => resolveOrigins(origin)));
  const server = attach(resolved.flat(), pid);
  const plan = toLoadPlan(scenario, server.origins, {
    ...settings,
    engine: engine.name,
    loadCpus: load.length,
    userAgent: `c1m/${version}`,
  });
  // Here, where an error can still be explained; the workers compile their own.
  for (const origin of plan.origins) compileRequests(plan, origin);
  // One CPU at the least is left to the server.
  const spin = plan.threads < allowed.length;
  const result = openResult('run', scenario, engine);
  const { observer = silent, signal = new AbortController().signal } = options;
  const measure = (): Promise<Trial> =>
    withCleanup(async (cleanup) => {
      const watch = await watchUrls(options, server, plan, signal);
      cleanup.add(() => watch.close());
      result.warnings.push(...watch.warnings);
      const watching = { scheduling: watch.instrument, probe: false };
      return runTrial(plan, 0, server, watching, spin, observer, signal);
    }).catch((error: unknown) => {
      throw error instanceof NoSuchProcessError ? noSuchProcess(options.pid ?? '') : error;
    });
  const trial = await (options.loadCpus === undefined
    ? measure()
    : boundToLoad(result, load, null, measure));
  if (trial.result.traced) result.warnings.push(carriesCost);
  if (pid === null) {
    const reason = 'c1m did not start this server; --pid names the process to measure';
    result.unavailable.push({ figure: 'server', reason });
  }
  const url = urls.length === 1 ? urls[0]! : written.map(keptUrl).join(' ');
  return finish(result, scenario, unknownServer(url, server, plan), trial);
}

async function runTarget(target: Target, options: RunOptions): Promise<Run> {
  const { scenario, settings } = await readRunRequest(options, []);
  refuseUnaskable(scenario, { server: 'started', scheduling: watchesDelay(options.sched) });
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
  const { observer = silent, signal = new AbortController().signal } = options;
  const built = await buildTarget(target, { toolchain, signal });
  const split = cpuSides(options, readAllowedCpus());
  const engine = chooseEngine(
    scenario,
    false,
    await uringSupport(),
    settings.localAddresses !== null,
  );
  const result = openResult('run', scenario, engine);
  result.warnings.push(...split.warnings, ...rebuiltWarnings(built));
  const described = describeTarget(built, split);
  const watching = { sched: options.sched ?? 'off', probe: options.probe === true } as const;
  const trial = await boundToLoad(result, split.load, split.target, () =>
    runTargetTrial(built, described, 0, scenario, watching, {
      connection: { ...settings, engine: engine.name },
      split,
      observer,
      signal,
      warn: (warning) => result.warnings.push(warning),
    }),
  );
  if (trial.result.traced) result.warnings.push(carriesCost);
  return finish(result, scenario, described, trial);
}

/** `auto` may find eBPF; perf and /proc do not see when a request is taken. */
function watchesDelay(sched: SchedulingChoice = 'off'): 'none' | 'watched' {
  return sched === 'ebpf' || sched === 'auto' ? 'watched' : 'none';
}

const carriesCost: Warning = {
  code: 'traced',
  message: 'Watching the scheduler cost the server time, which is in its throughput and latency',
  remedy: 'Take those from a run without --sched',
};

async function watchUrls(
  { sched = 'off' }: RunOptions,
  server: RunningServer,
  { phases }: LoadPlan,
  signal: AbortSignal,
): Promise<Watch> {
  if (sched !== 'off' && server.pids.length === 0) {
    const message = 'c1m does not know which process to watch';
    const remedy = 'Name it with --pid; find it with: ss -ltnp';
    throw new ConfigError([{ where: '--sched', message, remedy }]);
  }
  return startScheduling(sched, watchedOf(server, mostConnections(phases)), signal);
}

function finish(result: RunResult, scenario: Scenario, target: TargetResult, trial: Trial): Run {
  target.trials.push(trial.result);
  result.targets.push(target);
  judgeConditions(result, scenario);
  result.finishedAt = new Date().toISOString();
  return { result, intervalLog: trial.intervalLog };
}

function readPid(written: string): number {
  const parsed = parseCount(written);
  if (!parsed.ok) throw noSuchProcess(written);
  return parsed.value;
}

function noSuchProcess(pid: string): ConfigError {
  const message = `There is no process "${pid}"`;
  return new ConfigError([{ where: '--pid', message, remedy: 'Find it with: ss -ltnp' }]);
}

function unknownServer(url: string, server: RunningServer, plan: LoadPlan): TargetResult {
  return {
    name: url,
    runtime: 'unknown',
    role: 'server',
    family: 'custom',
    version: null,
    url,
    cpus: null,
    cpuCount: server.pids.length === 0 ? null : server.cpuCount,
    addresses: [...new Set(server.origins.map(({ address }) => address))],
    localAddresses: plan.localAddresses?.map(rangeText) ?? null,
    replicas: 1,
    trials: [],
  };
}
