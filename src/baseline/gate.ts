import type { AskedCpus } from '../config/cpu-flags.js';
import { commonUnit } from '../figures/unit-words.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import type { Scenario } from '../config/scenario.js';
import { compare } from '../experiment/compare.js';
import type { CompareObserver } from '../experiment/compare-observer.js';
import { cpuSides } from '../experiment/cpu-sides.js';
import { describeTool } from '../experiment/result-document.js';
import type { Allowances } from '../gate/allowance.js';
import { metrics, type MetricName } from '../gate/metric.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import type { Warning } from '../results/figures.js';
import { resultId } from '../store/result-id.js';
import {
  gateSchemaVersion,
  type GateMetric,
  type GateResult,
  type GatePurpose,
} from '../results/gate.js';
import type { RunResult, TrialResult } from '../results/schema.js';
import { readTargets } from '../subject/words.js';
import { uringSupport } from '../uring/support.js';
import { findBaseline } from './find.js';
import { gravest, judgeStored } from './judge.js';
import type { Baseline } from './match.js';
import { comparableTrials, trialValues } from './trial-values.js';

/** What is to be measured now, and compared with what was stored. */
interface StoredGateRequest {
  readonly purpose: GatePurpose;
  readonly cpus: AskedCpus;
  /** A file, a folder, or `latest`. */
  readonly baseline: string;
  /** The name of a target; null: that of the baseline. */
  readonly target: string | null;
  readonly targetFolders: readonly string[];
  /** null: that of the baseline. */
  readonly scenario: Scenario | null;
  readonly allowed: Allowances;
  /** What must not have hidden for a pass without proof; null: only proof passes. */
  readonly detect: Allowances | null;
  /** null: as many as the baseline has, and at least `fewestTrials`. */
  readonly trials: number | null;
  readonly observer: Partial<CompareObserver>;
}

/** With fewer on either side, nothing but a landslide could be told from noise. */
const fewestTrials = 5;

/**
 * Measures a target as `c1m compare` does, and compares it with a stored result: the weaker method,
 * since whatever happened to the machine in between is part of the difference (docs/gate.md).
 */
export async function gateAgainstStored(
  request: StoredGateRequest,
  signal: AbortSignal,
): Promise<GateResult> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const host = readHost();
  const found = await findBaseline(request.baseline, {
    target: request.target,
    scenario: request.scenario,
    host,
    split: cpuSides(request.cpus, readAllowedCpus()),
    uring: await uringSupport(),
  });
  const about = {
    schemaVersion: gateSchemaVersion,
    kind: 'gate',
    id: resultId('gate', startedAt),
    startedAt,
    tool: describeTool(),
    host,
    method: 'stored',
    purpose: request.purpose,
    pairsPerSet: null,
    answers: null,
    load: null,
  } as const;
  if (!found.found) return { ...about, pairs: [], ...withoutBaseline(request, found.reasons) };
  const { baseline } = found;
  const head = await measure(request, baseline, signal);
  const judged = judge(request, baseline, head, signal.aborted);
  return { ...about, pairs: [], durationSeconds: (performance.now() - began) / 1000, ...judged };
}

type Found = Omit<
  GateResult,
  | 'schemaVersion'
  | 'kind'
  | 'id'
  | 'startedAt'
  | 'tool'
  | 'host'
  | 'method'
  | 'load'
  | 'pairs'
  | 'pairsPerSet'
  | 'answers'
  | 'purpose'
>;

function withoutBaseline(
  { baseline, target, scenario }: StoredGateRequest,
  reasons: readonly string[],
): Found {
  return {
    durationSeconds: 0,
    scenario: { name: scenario?.name ?? 'none', hash: '', document: null },
    cpus: { load: null, target: null },
    base: { label: baseline, fresh: true },
    head: { label: target ?? 'none', fresh: true },
    baseline: null,
    verdict: 'no-baseline',
    reasons: [...reasons],
    metrics: [],
    complete: true,
    unit: 'request',
    warnings: [],
  };
}

async function measure(
  { targetFolders, trials, cpus, observer }: StoredGateRequest,
  { scenario, target, trials: before }: Baseline,
  signal: AbortSignal,
): Promise<RunResult> {
  const request = {
    subjects: await readTargets([target.name], targetFolders, scenario),
    scenario: { ...scenario, failIf: [] },
    trials: trials ?? Math.max(before.length, fewestTrials),
    sched: 'off' as const,
    ...{ cpus, memoryLimit: defaultMemoryLimit },
  };
  return compare(request, observer, signal);
}

function judge(
  { allowed, detect }: Pick<StoredGateRequest, 'allowed' | 'detect'>,
  { result: stored, target, trials: base }: Baseline,
  head: RunResult,
  interrupted: boolean,
): Omit<Found, 'durationSeconds'> {
  const now = comparableTrials(head.targets.flatMap(({ trials }) => trials));
  const failed = interrupted ? [] : [...head.failures, ...head.skipped];
  const judged = [...allowed]
    .map(([metric, change]) => judgeStored(metric, change, detect?.get(metric) ?? null, base, now))
    .filter((metric) => metric !== null);
  const verdict = failed.length > 0 ? 'invalid' : gravest(judged);
  const names = judged.map(({ name }) => name as MetricName);
  return {
    scenario: head.scenario,
    cpus: head.cpus,
    base: { label: `${target.name} in ${stored.id}`, fresh: true },
    head: { label: `${target.name}, measured now`, fresh: true },
    baseline: {
      id: stored.id,
      startedAt: stored.startedAt,
      trials: { base: base.length, head: now.length },
      values: { base: valuesOf(names, base), head: valuesOf(names, now) },
    },
    verdict,
    reasons: verdict === 'invalid' ? brokenBy(failed, judged, now.length) : [],
    metrics: judged,
    complete: !interrupted,
    unit: commonUnit(now.map(({ load }) => load.unit)),
    warnings: [
      ...head.warnings,
      ...notCompared(allowed, base),
      ...changesSince(stored, target.version, head),
    ],
  };
}

function brokenBy(
  failed: readonly { readonly reason: string }[],
  metrics: readonly GateMetric[],
  trials: number,
): string[] {
  const nothing = trials === 0 ? ['no trial was measured to its end'] : [];
  const reasons = [...failed, ...metrics].flatMap(({ reason }) => reason ?? []);
  return [...new Set([...nothing, ...reasons])];
}

function valuesOf(
  names: readonly MetricName[],
  trials: readonly TrialResult[],
): Record<string, number[]> {
  return Object.fromEntries(
    names.map((name) => {
      const { values } = trialValues(name, trials);
      // The result document has the start in milliseconds.
      return [name, name === 'startup' ? values.map((micros) => micros / 1000) : [...values]];
    }),
  );
}

/** What the baseline measured, but not validly. */
function notCompared(allowed: Allowances, base: readonly TrialResult[]): Warning[] {
  return [...allowed.keys()].flatMap((name) => {
    const { values, reasons } = trialValues(name, base);
    if (values.length > 0 || reasons.length === 0) return [];
    return {
      code: 'not-compared',
      message: `${metrics[name].label} is not compared, since the baseline has no valid figure of it: ${reasons.join('; ')}`,
      remedy: 'Measure a baseline in which it is valid',
    };
  });
}

/** What else is not as it was: it is no reason to refuse, but may be the difference. */
function changesSince(stored: RunResult, version: string | null, head: RunResult): Warning[] {
  const changes: [what: string, before: string | null, now: string | null][] = [
    ['the runtime', version, head.targets[0]?.version ?? null],
    ['c1m', stored.tool.version, head.tool.version],
    ['c1m’s Node', stored.tool.node, head.tool.node],
  ];
  return changes
    .filter(([, before, now]) => before !== null && now !== null && before !== now)
    .map(([what, before, now]) => ({
      code: 'changed-since',
      message: `The version of ${what} was ${before ?? ''} then and is ${now ?? ''} now`,
      remedy: 'Measure the baseline again to tell its share of the difference from the server’s',
    }));
}
