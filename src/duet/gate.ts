import { chooseEngine } from '../config/engine-choice.js';
import type { AskedCpus } from '../config/cpu-flags.js';
import { defaultMemoryLimit } from '../config/load-plan.js';
import { scenarioDocument } from '../config/scenario-document.js';
import { scenarioHash } from '../config/scenario-hash.js';
import type { Scenario } from '../config/scenario.js';
import { boundToLoad, maySpin } from '../experiment/cpu-sides.js';
import { describeTool } from '../experiment/result-document.js';
import type { Allowances } from '../gate/allowance.js';
import { defaultPairsPerSet } from '../gate/plan.js';
import { cgroupWarnings } from '../measure/cgroup.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { readHost } from '../measure/host.js';
import { gateSchemaVersion, type GateResult } from '../results/gate.js';
import { resultId } from '../store/result-id.js';
import type { Host } from '../results/schema.js';
import { uringSupport } from '../uring/support.js';
import { version } from '../version.js';
import type { Contender } from './contender.js';
import { duel, type DuelObserver } from './duel.js';
import { duetSides } from './duet-sides.js';
import { judged } from './judged.js';
import { scoutRate } from './scout.js';
import { countedInstructions } from './side-events.js';
import type { Side } from './slice-order.js';

/** What a gate is asked to do. */
interface GateRequest {
  readonly cpus: AskedCpus;
  readonly contenders: Readonly<Record<Side, Contender>>;
  /** Its requests are what both are asked; its phases take no part. */
  readonly scenario: Scenario;
  /** What is gated on, and the allowed change of each. */
  readonly allowed: Allowances;
  /** What must not have hidden for a pass without proof; null: only proof passes. */
  readonly detect: Allowances | null;
  readonly budgetSeconds: number;
  readonly connections: number;
  /** Of the open slices; null: a share of what the base can do. */
  readonly ratePerSecond: number | null;
}

interface GateObserver extends DuelObserver {
  /** Before the first pair: one start of the base, to find the rate. */
  scouting(): void;
}

/**
 * Of each server: so many that what a heap grows by once, for the first of them, is a small part. Fewer
 * where descriptors are scarce, of which the net engine needs one for each connection of both.
 */
export function heldConnections(connections: number, { limits }: Pick<Host, 'limits'>): number {
  // "unlimited" is no number, nor is what cannot be read.
  const descriptors = Number(limits['nofile_soft'] ?? NaN);
  const most = Number.isNaN(descriptors) ? 8_000 : Math.floor(descriptors * 0.45);
  return Math.max(2 * connections, Math.min(8_000, most));
}

const sliceMicros = 100e3;
const blocks = 5;

/** Measures pairs of base and head until the rule of docs/gate.md decides. */
export async function gate(
  request: GateRequest,
  observer: GateObserver,
  signal: AbortSignal,
): Promise<GateResult> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const { contenders, scenario, connections } = request;
  const host = readHost();
  const split = duetSides(request.cpus, readAllowedCpus());
  const secure = contenders.base.secure || contenders.head.secure;
  const engine = chooseEngine(scenario, secure, await uringSupport());
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
        verifyTls: true,
        connectRatePerSecond: null,
        localAddresses: null,
        memoryLimit: defaultMemoryLimit,
        loadCpus: split.load.length,
        userAgent: `c1m/${version}`,
      },
      targetCpus: split.target,
      spin: maySpin(split, 1, document.cpus.target !== null),
      countedEvent: request.allowed.has('instructionsPerRequest') ? countedInstructions : null,
      random: Math.random,
    };
    observer.scouting();
    const ratePerSecond =
      request.ratePerSecond ?? (await scoutRate(contenders.base, setting, connections, signal));
    const held = heldConnections(connections, host);
    const load = { connections, heldConnections: held, ratePerSecond, sliceMicros, blocks };
    const plan = {
      allowed: request.allowed,
      detect: request.detect,
      pairsPerSet: defaultPairsPerSet,
    };
    const spent = (performance.now() - began) / 1000;
    const done = await duel(
      contenders,
      { ...setting, load },
      plan,
      request.budgetSeconds - spent,
      observer,
      signal,
    );
    return {
      schemaVersion: gateSchemaVersion,
      kind: 'gate',
      id: resultId('gate', startedAt),
      startedAt,
      durationSeconds: (performance.now() - began) / 1000,
      tool: describeTool(),
      host,
      scenario: {
        name: scenario.name,
        hash: scenarioHash(scenario, engine.name),
        document: scenarioDocument(scenario),
      },
      method: 'duet',
      baseline: null,
      ...document,
      base: describe(contenders.base),
      head: describe(contenders.head),
      load: {
        connections,
        ratePerSecond,
        sliceSeconds: sliceMicros / 1e6,
        slicesPerSide: 2 * blocks,
      },
      ...judged(done.verdict),
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
      complete: !done.interrupted,
    };
  });
}

function describe({ label, fresh }: Contender): GateResult['base'] {
  return { label, fresh };
}
