import { availableParallelism } from 'node:os';
import { chooseEngine } from '../config/engine-choice.js';
import { toLoadPlan } from '../config/load-plan.js';
import type { RunFlags } from '../config/run-flags.js';
import { readRunRequest } from '../config/run-request.js';
import { scenarioDocument } from '../config/scenario-document.js';
import { scenarioHash } from '../config/scenario-hash.js';
import { compileRequests } from '../load/http1/request-encoder.js';
import { resolveOrigin } from '../load/resolve.js';
import { readHost } from '../measure/host.js';
import { schemaVersion, type RunResult } from '../results/schema.js';
import { version } from '../version.js';
import { runTrial, type TrialObserver } from './trial.js';

export interface RunOptions extends RunFlags {
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

/** Loads one URL; the options are the flags of `c1m run`, as strings. */
export async function run(target: string, options: RunOptions = {}): Promise<Run> {
  const { scenario, origins, urls, settings } = await readRunRequest(options, [target]);
  const url = urls[0] ?? target;
  const plan = toLoadPlan(scenario, await Promise.all(origins.map(resolveOrigin)), {
    ...settings,
    // The other half is left to the server, where it runs on the same machine.
    loadCpus: Math.max(1, Math.floor(availableParallelism() / 2)),
    userAgent: `c1m/${version}`,
  });
  // Here, where an error can still be explained; the workers compile their own.
  for (const origin of plan.origins) compileRequests(plan, origin);
  const startedAt = new Date();
  const signal = options.signal ?? new AbortController().signal;
  const { result: trial, intervalLog } = await runTrial(
    plan,
    0,
    null,
    options.observer ?? silent,
    signal,
  );
  const result: RunResult = {
    schemaVersion,
    kind: 'run',
    id: `run-${startedAt.toISOString().replace(/[:.]/g, '-')}`,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    tool: { name: 'c1m', version, node: process.version, command: process.argv.slice(2).join(' ') },
    host: readHost(),
    scenario: {
      name: scenario.name,
      hash: scenarioHash(scenario),
      document: scenarioDocument(scenario),
    },
    cpus: { load: null, target: null },
    engine: { name: plan.engine, reason: chooseEngine(scenario).reason },
    targets: [
      {
        name: url,
        runtime: 'unknown',
        role: 'server',
        family: 'custom',
        version: null,
        url,
        cpus: null,
        cpuCount: null,
        replicas: 1,
        trials: [trial],
      },
    ],
    skipped: [],
    unavailable: [
      {
        figure: 'server',
        reason: 'c1m did not start this server, so it does not know its process',
      },
    ],
  };
  return { result, intervalLog };
}
