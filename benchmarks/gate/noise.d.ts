import type { stagesFor } from '../../src/duet/stages.js';
import type { MetricName } from '../../src/gate/metric.js';
import type { Pair } from '../../src/gate/pair.js';
import type { GatePlan } from '../../src/gate/plan.js';
import type { Random } from '../../src/basis/random.js';

type ValidPair = Pair & { readonly valid: true };
type Ratios = Readonly<Partial<Record<MetricName, number>>>;

interface Noise {
  readonly sd: Readonly<Record<MetricName, number>>;
  readonly levels: Ratios;
  readonly wildShare: number;
  readonly wildFactor: number;
  readonly memory: number;
  readonly trend: number;
  readonly skew: boolean;
  readonly first: number;
}

export const noises: Readonly<
  Record<
    | 'normal'
    | 'noisier'
    | 'wild 8 %'
    | 'wild 15 %'
    | 'memory 0.3'
    | 'trend 1 sd'
    | 'skewed'
    | 'first coarse'
    | 'a framework'
    | 'starts in 10 ms',
    Noise
  >
>;
export function pairSource(random: Random, noise: Noise, changes: Ratios): () => ValidPair;
export type Purpose = Parameters<typeof stagesFor>[0];
export function everything(plan: GatePlan): Purpose;
export function measuredFor(purpose: Purpose, pair: ValidPair): ValidPair;
export function slower(share: number): Ratios;
export function atTheLimit(plan: GatePlan): Ratios;
