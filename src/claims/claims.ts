import { cpuSides, boundToLoad } from '../experiment/cpu-sides.js';
import { silent } from '../experiment/compare-observer.js';
import { describeTool } from '../experiment/result-document.js';
import { rotation } from '../experiment/rotation.js';
import type { TrialObserver } from '../experiment/trial.js';
import { cgroupWarnings } from '../measure/cgroup.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { claimsSchemaVersion, type ClaimResult, type ClaimsResult } from '../results/claims.js';
import { resultId } from '../store/result-id.js';
import { reasonOf, remedyOf } from '../targets/target-error.js';
import { Builds, type Arm } from './arm-results.js';
import { measureArm, secondsOf } from './arms/arm.js';
import type { ArmSetting, Length } from './arms/setting.js';
import type { Claim } from './claim.js';
import { findingOf } from './finding.js';
import { verdictOf } from './verdict.js';

export interface ClaimsObserver extends TrialObserver {
  building(target: string): void;
  claim(claim: Claim, index: number, of: number): void;
  /** A process of an arm begins. */
  turn(claim: string, arm: string, process: number, of: number): void;
  /** It has ended, well or not; it was expected to take so long. */
  turned(seconds: number): void;
  failed(claim: string, arm: string, reason: string, remedy: string): void;
  /** After each claim, and where it was interrupted, so that nothing is lost. */
  measured(result: ClaimsResult, claim: ClaimResult): void;
}

export interface ClaimsRequest {
  readonly claims: readonly Claim[];
  readonly quick: boolean;
  /** To go on with; null: from the beginning. */
  readonly earlier: ClaimsResult | null;
}

const length: Length = { batches: 5, batchMillis: 50 };
const quickLength: Length = { batches: 3, batchMillis: 20 };
const checkIt = 'The arms of the claim are in its file: docs/claims.md';

/** What all the claims take together, roughly, in seconds: those of `ClaimsObserver.turned`. */
export function secondsOfAll({ claims, quick }: ClaimsRequest): number {
  const seconds = claims.map((claim) =>
    claim.arms.reduce(
      (sum, plan) => sum + secondsOf(plan) * processesOf(claim, plan.kind, quick),
      0,
    ),
  );
  return seconds.reduce((sum, each) => sum + each, 0);
}

/** Measures one claim after the other: its arms in fresh processes, by turns. */
export async function measureClaims(
  request: ClaimsRequest,
  observer: ClaimsObserver,
  signal: AbortSignal,
): Promise<ClaimsResult> {
  const { claims, quick, earlier } = request;
  const result = earlier ?? openResult(request);
  const split = cpuSides({ load: null, target: null }, readAllowedCpus());
  const builds = new Builds((target) => observer.building(target), signal);
  const setting: ArmSetting = {
    ...{ split, signal },
    observer: { ...silent, ...observer },
    warn: (warning) => {
      const known = result.warnings.some(({ message }) => message === warning.message);
      if (!known) result.warnings.push(warning);
    },
  };
  split.warnings.forEach(setting.warn);
  await boundToLoad(result, split.load, split.target, async () => {
    for (const [index, claim] of claims.entries()) {
      if (signal.aborted) return;
      observer.claim(claim, index, claims.length);
      const measured = await measureClaim(claim, quick, builds, setting, observer);
      if (measured === null) return;
      result.claims = inOrder(result, measured);
      observer.measured(result, measured);
    }
  });
  if (!isAborted(signal)) result.finishedAt = new Date().toISOString();
  return result;
}

/** null where it was interrupted before anything was measured. */
async function measureClaim(
  claim: Claim,
  quick: boolean,
  builds: Builds,
  setting: ArmSetting,
  observer: ClaimsObserver,
): Promise<ClaimResult | null> {
  const { signal } = setting;
  const startedAt = new Date().toISOString();
  const arms: Arm[] = [];
  for (const plan of claim.arms) {
    if (isAborted(signal)) return null;
    arms.push(await builds.armOf(plan));
  }
  const most = quick ? claim.quickProcesses : claim.processes;
  for (const { place, index } of rotation(arms.length, most)) {
    if (isAborted(signal)) break;
    const arm = arms[place]!;
    const { plan, result } = arm;
    const processes = processesOf(claim, plan.kind, quick);
    if (index >= processes) continue;
    observer.turn(claim.name, plan.name, index, processes);
    await measureOnce(arm, index, quick ? quickLength : length, setting).catch((error: unknown) => {
      if (isAborted(signal)) return;
      const [reason, remedy] = [reasonOf(error), remedyOf(error, checkIt)];
      const { target: name, runtime } = result;
      result.failures.push({ name, runtime, trial: index, reason, remedy });
      observer.failed(claim.name, plan.name, reason, remedy);
    });
    observer.turned(secondsOf(plan));
  }
  const results = arms.map(({ result }) => result);
  if (isAborted(signal) && results.every(({ runs }) => runs.length === 0)) return null;
  const findings = claim.conditions.map((condition) => findingOf(condition, results));
  const { name, title, sentence, source, open, said, hash, figures } = claim;
  return {
    ...{ name, title, sentence, source, open, said: [...said], hash },
    again: `c1m claims ${claim.word}${quick ? ' --quick' : ''}`,
    startedAt,
    finishedAt: isAborted(signal) ? null : new Date().toISOString(),
    processes: most,
    figures: [...figures],
    arms: results,
    findings,
    verdict: verdictOf(findings, figures),
  };
}

async function measureOnce(
  { plan, built, result }: Arm,
  index: number,
  length: Length,
  setting: ArmSetting,
): Promise<void> {
  if (built === null) return;
  const startedAt = new Date().toISOString();
  const figures = await measureArm(plan, built, index, length, setting);
  result.runs.push({ index, startedAt, figures });
}

/** Files have one size, however often they are looked at. */
function processesOf(
  { processes, quickProcesses }: Claim,
  kind: Arm['plan']['kind'],
  quick: boolean,
): number {
  if (kind === 'image') return 1;
  return quick ? quickProcesses : processes;
}

/** As they were asked for; one that was there before is replaced. */
function inOrder({ settings, claims }: ClaimsResult, added: ClaimResult): ClaimResult[] {
  return settings.asked.flatMap(
    ({ name }) => (name === added.name ? added : claims.find((claim) => claim.name === name)) ?? [],
  );
}

function openResult({ claims, quick }: ClaimsRequest): ClaimsResult {
  const host = readHost();
  const startedAt = new Date().toISOString();
  return {
    schemaVersion: claimsSchemaVersion,
    kind: 'claims',
    id: resultId('claims', startedAt),
    startedAt,
    finishedAt: null,
    tool: describeTool(),
    host,
    cpus: { load: null, target: null },
    settings: { quick, asked: claims.map(({ name, word }) => ({ name, word })) },
    warnings: cgroupWarnings(host),
    claims: [],
  };
}

/** A call, as the compiler would hold on to what it once saw. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
