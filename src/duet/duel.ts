import { decide } from '../gate/decision.js';
import type { MetricName } from '../gate/metric.js';
import type { Pair } from '../gate/pair.js';
import type { GatePlan } from '../gate/plan.js';
import type { GateVerdict } from '../gate/verdict.js';
import { TargetError } from '../targets/target-error.js';
import type { Contender } from './contender.js';
import { measurePair, type DuetSetting } from './pair-measurement.js';
import { ratiosOf } from './pair-ratios.js';
import type { Side } from './slice-order.js';
import { skippedBy, stagesFor } from './stages.js';

export interface DuelObserver {
  /** Before each pair, counted from 0. */
  pair(index: number, set: 'first' | 'second', wanted: readonly MetricName[]): void;
  measured(index: number, pair: Pair): void;
}

/** All pairs of a gate, and what they say. */
interface Duel {
  readonly verdict: GateVerdict;
  readonly pairs: readonly Pair[];
  readonly interrupted: boolean;
}

/** Adds pairs until the rule has decided, or the budget is spent (docs/gate.md). */
export async function duel(
  contenders: Readonly<Record<Side, Contender>>,
  setting: DuetSetting,
  plan: GatePlan,
  budgetSeconds: number,
  observer: DuelObserver,
  signal: AbortSignal,
): Promise<Duel> {
  const began = performance.now();
  const pairs: Pair[] = [];
  let lastSeconds = 0;
  for (;;) {
    const elapsed = (performance.now() - began) / 1000;
    const secondsPerPair = pairs.length === 0 ? 0 : elapsed / pairs.length;
    // Another pair must fit in what is left: one like the last, for they become shorter.
    const over = pairs.length > 0 && elapsed + lastSeconds > budgetSeconds;
    const spent = over || signal.aborted;
    const decision = decide(plan, pairs, { spent, secondsPerPair });
    if (decision.kind === 'decided') {
      return { verdict: decision.gate, pairs, interrupted: signal.aborted };
    }
    const stages = stagesFor(decision);
    const skipped = skippedBy(stages);
    const wanted = decision.wanted.filter((metric) => !skipped.includes(metric));
    observer.pair(pairs.length, decision.set, wanted);
    const measurement = await measurePair(contenders, setting, stages, signal).catch(
      (error: unknown) => {
        if (signal.aborted) return null;
        // The first start shows whether a build works at all; later ones may be bad luck.
        if (error instanceof TargetError && pairs.length > 0) return error.message;
        throw error;
      },
    );
    if (measurement === null) continue;
    const pair: Pair =
      typeof measurement === 'string'
        ? { valid: false, reason: measurement.split('\n')[0]! }
        : ratiosOf(measurement, stages);
    pairs.push(pair);
    lastSeconds = (performance.now() - began) / 1000 - elapsed;
    observer.measured(pairs.length - 1, pair);
  }
}
