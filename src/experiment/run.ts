import { chooseEngine } from '../config/engine-choice.js';
import { toLoadPlan } from '../config/load-plan.js';
import { ConfigError } from '../basis/problem.js';
import type { Scenario } from '../config/scenario.js';
import { reachedBy } from '../config/target-url.js';
import { compileRequests } from '../load/protocol/http1/request-encoder.js';
import { rangeText } from '../basis/address-range.js';
import { isSecure, mostConnections, type LoadPlan } from '../load/plan.js';
import { resolveOrigins } from '../load/resolve.js';
import { withCleanup } from '../basis/cleanup.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { NoSuchProcessError } from '../measure/process-tree.js';
import type { RunResult, TargetResult } from '../results/schema.js';
import { attach } from '../subject/attach.js';
import type { RunningServer } from '../subject/running-server.js';
import type { RunSubject, TargetSubject, UrlSubject } from '../subject/subject.js';
import { buildTarget } from '../targets/build.js';
import { loadCatalog } from '../targets/catalog.js';
import { refuseUnserved, unserved } from '../targets/served.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';
import { tlsSupport } from '../tls/support.js';
import { uringSupport } from '../uring/support.js';
import { version } from '../version.js';
import type { Measurement } from './asked-run.js';
import type { Run } from './measured-run.js';
import { judgeConditions, refuseUnaskable } from './conditions.js';
import { boundToLoad, cpuSides, crowdedThreads } from './cpu-sides.js';
import type { Warning } from '../results/figures.js';
import type { SchedulingChoice } from '../scheduling/choice.js';
import { startScheduling, type Watch } from '../scheduling/start.js';
import { rebuiltWarnings } from './rebuilt.js';
import { openResult } from './result-document.js';
import { describeTarget, runTargetTrial, watchedOf } from './target-trial.js';
import type { Trial } from './trial-record.js';
import { runTrial, type TrialObserver } from './trial.js';

/** Takes nothing. */
export const silent: TrialObserver = { phase: () => undefined, progress: () => undefined };

/**
 * Loads and measures a subject once; a target is started for it and stopped afterwards. Aborting the
 * signal ends it with what was measured so far.
 */
export async function run(
  subject: RunSubject,
  how: Measurement,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Run> {
  switch (subject.kind) {
    case 'urls':
      return runUrls(subject, how, observer, signal);
    case 'target':
      return runTarget(subject, how, observer, signal);
  }
}

async function runUrls(
  { name, urls, pid }: UrlSubject,
  { scenario, settings, detours, cpus, sched }: Measurement,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Run> {
  const origins = urls.map(({ origin }) => reachedBy(scenario.unix, origin));
  refuseUnaskable(scenario, {
    server: pid === null ? 'none' : 'known',
    scheduling: watchesDelay(sched),
  });
  const allowed = readAllowedCpus();
  // The other half is left to the server, where it runs on the same machine.
  const { load } = cpuSides({ load: cpus.load, target: null }, allowed);
  const engine = chooseEngine(
    scenario,
    await uringSupport(),
    isSecure({ origins }) ? await tlsSupport() : null,
    settings.localAddresses !== null,
  );
  const resolved = await Promise.all(
    origins.map((origin) => resolveOrigins(origin, undefined, detours)),
  );
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
  result.warnings.push(...crowdedThreads(plan.threads, cpus.load === null ? allowed : load));
  const measure = (): Promise<Trial> =>
    withCleanup(async (cleanup) => {
      const watch = await watchUrls(sched, server, plan, signal);
      cleanup.add(() => watch.close());
      result.warnings.push(...watch.warnings);
      const watching = { scheduling: watch.instrument, probe: false };
      return runTrial(plan, 0, server, watching, spin, observer, signal);
    }).catch((error: unknown) => {
      throw error instanceof NoSuchProcessError && pid !== null ? noSuchProcess(pid) : error;
    });
  const trial = await (cpus.load === null ? measure() : boundToLoad(result, load, null, measure));
  if (trial.result.traced) result.warnings.push(carriesCost);
  if (pid === null) {
    const reason = 'c1m did not start this server; --pid names the process to measure';
    result.unavailable.push({ figure: 'server', reason });
  }
  return finish(result, scenario, unknownServer(name, server, plan), trial);
}

async function runTarget(
  { target }: TargetSubject,
  { scenario, settings, cpus, sched, probe }: Measurement,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Run> {
  if (unserved(target, scenario) !== null) refuseUnserved([target], scenario, await loadCatalog());
  refuseUnaskable(scenario, { server: 'started', scheduling: watchesDelay(sched) });
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
  const built = await buildTarget(target, { toolchain, signal });
  const split = cpuSides(cpus, readAllowedCpus());
  const engine = chooseEngine(
    scenario,
    await uringSupport(),
    null,
    settings.localAddresses !== null,
  );
  const result = openResult('run', scenario, engine);
  result.warnings.push(...split.warnings, ...rebuiltWarnings(built));
  const described = describeTarget(built, split);
  const trial = await boundToLoad(result, split.load, split.target, () =>
    runTargetTrial(
      built,
      described,
      0,
      scenario,
      { sched, probe },
      {
        connection: { ...settings, engine: engine.name },
        split,
        observer,
        signal,
        warn: (warning) => result.warnings.push(warning),
      },
    ),
  );
  if (trial.result.traced) result.warnings.push(carriesCost);
  return finish(result, scenario, described, trial);
}

/** `auto` may find eBPF; perf and /proc do not see when a request is taken. */
function watchesDelay(sched: SchedulingChoice): 'none' | 'watched' {
  return sched === 'ebpf' || sched === 'auto' ? 'watched' : 'none';
}

const carriesCost: Warning = {
  code: 'traced',
  message: 'Watching the scheduler cost the server time, which is in its throughput and latency',
  remedy: 'Take those from a run without --sched',
};

async function watchUrls(
  sched: SchedulingChoice,
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

function noSuchProcess(pid: number): ConfigError {
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
