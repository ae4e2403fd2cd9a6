import type { MetricName } from './metric.js';

/**
 * Two fresh processes, base and head, measured against each other: the sample of the gate. Its
 * ratios are head/base, one per metric that could be measured; what is not above 0 and finite counts
 * as missing. An invalid pair (the generator was the limit, requests failed) has none. A pair is only
 * asked for what is not decided yet: `skipped` names the rest.
 */
export type Pair =
  | {
      readonly valid: true;
      readonly ratios: Readonly<Partial<Record<MetricName, number>>>;
      readonly skipped?: readonly MetricName[];
      /** Base's own figures, in the metrics' units: what a floor is a share of. */
      readonly base?: Readonly<Partial<Record<MetricName, number>>>;
    }
  | { readonly valid: false; readonly reason: string };

/** Something over nothing, as of a base that used no CPU at all, is no ratio. */
export function isRatio(ratio: number | undefined): ratio is number {
  return ratio !== undefined && ratio > 0 && ratio < Infinity;
}

/**
 * Whether so much is missing that what is left cannot stand for all: three, and more than a third. A
 * build that breaks the measurement must not pass on the pairs that it happened not to break.
 */
export function tooManyMissing(missing: number, of: number): boolean {
  return missing >= 3 && missing * 3 > of;
}
