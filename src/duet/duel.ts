import { decide, type Decision } from '../gate/decision.js';
import type { MetricName } from '../gate/metric.js';
import type { Pair } from '../gate/pair.js';
import type { GatePlan } from '../gate/plan.js';
import type { GateVerdict } from '../gate/verdict.js';
import { TargetError } from '../targets/target-error.js';
import { answersIn, type Answers } from './answers.js';
import { blocksAfter } from './blocks.js';
import type { Contender } from './contender.js';
import { measurePair, type DuetSetting } from './pair-measurement.js';
import { ratiosOf } from './pair-ratios.js';
import type { Side } from './slice-order.js';
import type { Slice } from './slice.js';
import { costOf, skippedBy, stagesFor, type Stages } from './stages.js';
import type { Forecast, TimeBudget } from './time-budget.js';

export interface DuelObserver {
  /** Before each pair, counted from 0. */
  pair(index: number, set: 'first' | 'second', wanted: readonly MetricName[]): void;
  measured(index: number, pair: Pair): void;
  /** After the first pair. */
  forecast(forecast: Forecast): void;
}

/** All pairs of a gate, and what they say. */
interface Duel {
  readonly verdict: GateVerdict;
  readonly pairs: readonly Pair[];
  readonly pairsPerSet: number;
  /** Of slices, in each pair from the second on. */
  readonly blocks: number;
  readonly interrupted: boolean;
  /** Of each pair whose servers were not warm, why it is thought so. */
  readonly cold: readonly string[];
  readonly answers: Readonly<Record<Side, Answers>>;
}

/** A pair that was measured: how long it took, and for what. */
interface Taken {
  readonly seconds: number;
  readonly stages: Stages;
}

/** Adds pairs until the rule has decided, or there is no time for what could decide (docs/gate.md). */
export async function duel(
  contenders: Readonly<Record<Side, Contender>>,
  setting: DuetSetting,
  first: GatePlan,
  budget: TimeBudget,
  observer: DuelObserver,
  signal: AbortSignal,
): Promise<Duel> {
  const began = budget.elapsedSeconds;
  const pairs: Pair[] = [];
  const cold: string[] = [];
  const slices: Slice[] = [];
  let plan = first;
  let { blocks } = setting.load;
  let last: Taken | null = null;
  for (;;) {
    const { aborted } = signal;
    const secondsPerPair = (budget.elapsedSeconds - began) / Math.max(1, pairs.length);
    const open = decide(plan, pairs, { spent: false, secondsPerPair });
    const goesOn = open.kind === 'continue' && !aborted && fits(open, last, budget);
    const decision = goesOn ? open : decide(plan, pairs, { spent: true, secondsPerPair });
    if (decision.kind === 'decided') {
      const { pairsPerSet } = plan;
      const answers = { base: answersIn(slices, 'base'), head: answersIn(slices, 'head') };
      const found = { pairs, pairsPerSet, blocks, cold, answers };
      return { verdict: decision.gate, interrupted: aborted, ...found };
    }
    const stages = stagesFor(decision);
    const skipped = skippedBy(stages);
    const wanted = decision.wanted.filter((metric) => !skipped.includes(metric));
    observer.pair(pairs.length, decision.set, wanted);
    const before = budget.elapsedSeconds;
    const bounded = AbortSignal.any([signal, budget.deadline]);
    const load = { ...setting.load, blocks };
    const measurement = await measurePair(contenders, { ...setting, load }, stages, bounded).catch(
      (error: unknown) => {
        if (bounded.aborted) return null;
        // The first start shows whether a build works at all; later ones may be bad luck.
        if (error instanceof TargetError && pairs.length > 0) return error.message;
        throw error;
      },
    );
    if (measurement === null) continue;
    const pair: Pair =
      typeof measurement === 'string'
        ? { valid: false, reason: measurement }
        : ratiosOf(measurement, stages);
    const doubt = typeof measurement === 'string' ? null : (measurement.warmedUp?.doubt ?? null);
    if (doubt !== null) cold.push(doubt);
    if (typeof measurement !== 'string') slices.push(...measurement.closed, ...measurement.open);
    pairs.push(pair);
    last = { seconds: budget.elapsedSeconds - before, stages };
    observer.measured(pairs.length - 1, pair);
    if (pairs.length > 1) continue;
    if (typeof measurement !== 'string') {
      const { sliceSeconds } = measurement;
      const { secondsPerPair } = budget;
      const costs = { pairSeconds: last.seconds, sliceSeconds, secondsPerPair };
      const best = blocksAfter(measurement, costs);
      blocks = best.blocks;
      last = { ...last, seconds: best.pairSeconds };
    }
    const forecast = budget.forecast(last.seconds);
    plan = { ...plan, pairsPerSet: forecast.pairsPerSet };
    observer.forecast(forecast);
  }
}

/**
 * Whether there is time for as many pairs as it takes to decide anything: like the last one, or shorter
 * by what they leave out.
 */
function fits(
  next: Decision & { readonly kind: 'continue' },
  last: Taken | null,
  budget: TimeBudget,
): boolean {
  if (last === null) return budget.hasRoomFor(0);
  const share = Math.min(1, costOf(stagesFor(next)) / costOf(last.stages));
  return budget.hasRoomFor(last.seconds * share * next.atLeast);
}
