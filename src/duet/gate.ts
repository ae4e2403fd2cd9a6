import { asksForStreams, unitOf } from '../load/plan.js';
import { chooseEngine } from '../config/engine-choice.js';
import type { AskedCpus } from '../config/cpu-flags.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import { scenarioDocument } from '../config/scenario-document.js';
import { scenarioHash } from '../config/scenario-hash.js';
import type { Scenario } from '../config/scenario.js';
import { boundToLoad, maySpin } from '../experiment/cpu-sides.js';
import { describeTool } from '../experiment/result-document.js';
import type { Allowances } from '../gate/allowance.js';
import { metrics, type Allowance, type MetricName } from '../gate/metric.js';
import { defaultPairsPerSet } from '../gate/plan.js';
import { cgroupWarnings } from '../measure/cgroup.js';
import { readAllowedCpus, type CpuSplit } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { gateSchemaVersion, type GatePurpose, type GateResult } from '../results/gate.js';
import { resultId } from '../store/result-id.js';
import type { Warning } from '../results/figures.js';
import type { Host } from '../results/schema.js';
import { tlsSupport } from '../tls/support.js';
import { uringSupport } from '../uring/support.js';
import { version } from '../version.js';
import { answerWarnings, differences } from './answers.js';
import { fewestBlocks } from './blocks.js';
import type { Contender } from './contender.js';
import { duel, type DuelObserver } from './duel.js';
import { duetSides } from './duet-sides.js';
import { judged } from './judged.js';
import { scout, type Scouted } from './scout.js';
import { countedInstructions } from './side-events.js';
import type { Side } from './slice-order.js';
import { startsSlowly } from './starts.js';
import { TimeBudget } from './time-budget.js';

/** What a gate is asked to do. */
interface GateRequest {
  readonly purpose: GatePurpose;
  readonly cpus: AskedCpus;
  readonly contenders: Readonly<Record<Side, Contender>>;
  /** Its requests are what both are asked; its phases take no part. */
  readonly scenario: Scenario;
  /** What is gated on, and the allowed change of each. */
  readonly allowed: Allowances;
  /** What must not have hidden for a pass without proof; null: only proof passes. */
  readonly detect: Allowances | null;
  /** null: as long as ten pairs take, from three minutes to eight. */
  readonly budgetSeconds: number | null;
  readonly connections: number;
  /** Of the open slices; null: a share of what the base can do. */
  readonly ratePerSecond: number | null;
}

interface GateObserver extends DuelObserver {
  /** Before the first pair: one start of the base, to find the rate, and how many connections to hold. */
  scouting(): void;
}

/**
 * Of each server: so many that what a heap grows by once, for the first of them, is a small part. Fewer
 * where descriptors are scarce, of which the net engine needs one for each connection of both.
 */
export function mostHeld(connections: number, { limits }: Pick<Host, 'limits'>): number {
  // "unlimited" is no number, nor is what cannot be read.
  const descriptors = Number(limits['nofile_soft'] ?? NaN);
  const most = Number.isNaN(descriptors) ? 8_000 : Math.floor(descriptors * 0.45);
  return Math.max(2 * connections, Math.min(8_000, most));
}

const nothingScouted: Scouted = {
  ...{ ratePerSecond: null, heldConnections: null, startupMs: null, lacking: [] },
};

const nothingKept: Warning = {
  code: 'connections-not-kept',
  message:
    'Base ends its connections after an answer, so what one that is kept takes is not gated on',
  remedy: 'Where it is to keep them, see its keep-alive setting',
};

/** Takes out of the metrics what base's streams do not have. */
function leaveOut(lacking: readonly MetricName[], allowed: Map<MetricName, Allowance>): Warning[] {
  const left = lacking.filter((name) => allowed.delete(name));
  if (left.length === 0) return [];
  const names = left.map((name) => metrics[name].label).join(', ');
  return [
    {
      code: 'not-compared',
      message: `Base’s streams of events showed nothing of ${names} in a start before the first pair, so that is not gated on`,
      remedy: 'Look at one of them: curl -iN URL',
    },
  ];
}

/** Of a gate whose time was up before the rate was found: it has no pair either. */
const unknownRate = 0;
const sliceMicros = 100e3;
const mostWarmUpSeconds = 60;
/** Seven pairs decide, of which warming up is to be no more than half. */
const warmUpShareOfBudget = 1 / 14;

/** Measures pairs of base and head until the rule of docs/gate.md decides. */
export async function gate(
  request: GateRequest,
  observer: GateObserver,
  signal: AbortSignal,
): Promise<GateResult> {
  const budget = new TimeBudget(request.budgetSeconds);
  const startedAt = new Date().toISOString();
  const { contenders, scenario, connections } = request;
  const host = readHost();
  const allowed = readAllowedCpus();
  const split = duetSides(request.cpus, allowed);
  const secure = contenders.base.secure || contenders.head.secure;
  const engine = chooseEngine(scenario, await uringSupport(), secure ? await tlsSupport() : null);
  const document = {
    cpus: { load: null, target: null } as GateResult['cpus'],
    warnings: cgroupWarnings(host),
  };
  document.warnings.push(...split.warnings);
  return boundToLoad(document, split.load, split.target, async () => {
    const setting = {
      scenario,
      settings: {
        engine: engine.name,
        // One: a second would have another history of compilation, and favour a side.
        threads: 1,
        connectRatePerSecond: null,
        localAddresses: null,
        memoryLimit: defaultMemoryLimit,
        loadCpus: split.load.length,
        userAgent: `c1m/${version}`,
      },
      targetCpus: split.target,
      warmUp: { cpus: allowed, mostSeconds: mostSecondsOfWarmUp(request.budgetSeconds) },
      spin: maySpin(split, 1, document.cpus.target !== null),
      countedEvent: request.allowed.has('instructionsPerRequest') ? countedInstructions : null,
      random: Math.random,
    };
    const bounded = AbortSignal.any([signal, budget.deadline]);
    const unknown = {
      rate: request.ratePerSecond === null,
      mostHeld: request.allowed.has('bytesPerConnection') ? mostHeld(connections, host) : null,
      ofStreams: asksForStreams(scenario),
    };
    const scouted = async (): Promise<Scouted | null> => {
      if (!unknown.rate && unknown.mostHeld === null && !unknown.ofStreams) {
        return nothingScouted;
      }
      observer.scouting();
      return scout(contenders.base, setting, connections, unknown, bounded).catch(
        (error: unknown) => {
          if (budget.deadline.aborted && !signal.aborted) return null;
          throw error;
        },
      );
    };
    const found = await scouted();
    const ratePerSecond = request.ratePerSecond ?? found?.ratePerSecond ?? unknownRate;
    const { heldConnections, startupMs, lacking } = found ?? nothingScouted;
    const asideCpus = startsSlowly(startupMs) ? apartFrom(split) : null;
    const load = {
      ...{ connections, heldConnections, ratePerSecond, sliceMicros },
      blocks: fewestBlocks,
    };
    const gatedOn = new Map(request.allowed);
    if (found !== null && unknown.mostHeld !== null && heldConnections === null) {
      gatedOn.delete('bytesPerConnection');
      document.warnings.push(nothingKept);
    }
    document.warnings.push(...leaveOut(lacking, gatedOn));
    const plan = {
      allowed: gatedOn,
      detect: request.detect,
      pairsPerSet: defaultPairsPerSet,
    };
    const done = await duel(
      contenders,
      { ...setting, asideCpus, load },
      plan,
      budget,
      observer,
      signal,
    );
    document.warnings.push(
      ...answerWarnings(done.answers),
      ...notWarm(done.cold, done.pairs.length),
    );
    return {
      schemaVersion: gateSchemaVersion,
      kind: 'gate',
      id: resultId('gate', startedAt),
      startedAt,
      durationSeconds: budget.elapsedSeconds,
      tool: describeTool(),
      host,
      scenario: {
        name: scenario.name,
        hash: scenarioHash(scenario, engine.name),
        document: scenarioDocument(scenario),
      },
      method: 'duet',
      purpose: request.purpose,
      unit: unitOf({
        requests: scenario.requests,
        origins: scenario.webSocket
          ? [{ webSocket: true }]
          : [...contenders.base.origins, ...contenders.head.origins],
      }),
      baseline: null,
      ...document,
      base: describe(contenders.base),
      head: describe(contenders.head),
      load: {
        connections,
        ratePerSecond,
        sliceSeconds: sliceMicros / 1e6,
        slicesPerSide: 2 * done.blocks,
      },
      ...judged(done.verdict, differences(done.answers).length === 0),
      answers: done.answers,
      pairs: done.pairs.map((pair) =>
        pair.valid
          ? {
              valid: true,
              ratios: { ...pair.ratios },
              skipped: [...(pair.skipped ?? [])],
              base: { ...pair.base },
            }
          : pair,
      ),
      pairsPerSet: done.pairsPerSet,
      complete: !done.interrupted,
    };
  });
}

/** As many CPUs as the servers have, of those that the load has to itself; null: there are none. */
function apartFrom({ load, target }: CpuSplit): readonly number[] | null {
  const apart = load.filter((cpu) => !target.includes(cpu));
  return target.length === 0 || apart.length < target.length ? null : apart.slice(0, target.length);
}

function mostSecondsOfWarmUp(budgetSeconds: number | null): number {
  if (budgetSeconds === null) return mostWarmUpSeconds;
  return Math.min(mostWarmUpSeconds, Math.max(5, budgetSeconds * warmUpShareOfBudget));
}

function notWarm(cold: readonly string[], of: number): Warning[] {
  const [first] = cold;
  if (first === undefined) return [];
  const message = `In ${cold.length} of ${of} pairs a server was not warm when it was measured: ${first}`;
  const remedy = 'Give each pair more time with a longer --budget, or more CPUs with --target-cpus';
  return [{ code: 'not-warm', message, remedy }];
}

function describe({ label, fresh }: Contender): GateResult['base'] {
  return { label, fresh };
}
