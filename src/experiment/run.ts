import { createHash } from 'node:crypto';
import { parseRunFlags, type RunFlags } from '../config/run-plan.js';
import { compileRequests } from '../load/http1/request-encoder.js';
import { resolveOrigin } from '../load/resolve.js';
import { readHost } from '../measure/host-facts.js';
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
  const { url, plan: unresolved, engineReason } = parseRunFlags(target, options, version);
  const origins = await Promise.all(unresolved.origins.map(resolveOrigin));
  const plan = { ...unresolved, origins };
  // Here, where an error can still be explained; the workers compile their own.
  for (const origin of origins) compileRequests(plan, origin);
  const startedAt = new Date();
  const signal = options.signal ?? new AbortController().signal;
  const { result: trial, intervalLog } = await runTrial(
    plan,
    0,
    options.observer ?? silent,
    signal,
  );
  // What determines the load, and not where it goes to or with how many threads.
  const { requests, phases, keepAlive, timeoutMicros, deadlineMicros, http2 } = plan;
  const document = { requests, phases, keepAlive, timeoutMicros, deadlineMicros, http2 };
  const result: RunResult = {
    schemaVersion,
    kind: 'run',
    id: `run-${startedAt.toISOString().replace(/[:.]/g, '-')}`,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    tool: { name: 'c1m', version, node: process.version, command: process.argv.slice(2).join(' ') },
    host: readHost(),
    scenario: {
      name: 'run',
      hash: createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 16),
      document,
    },
    cpus: { load: null, target: null },
    engine: { name: plan.engine, reason: engineReason },
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
