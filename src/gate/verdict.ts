import type { RatioInterval } from '../stats/ratio-interval.js';
import type { MetricName } from './metric.js';

/** What a metric was judged by. */
interface Judged {
  readonly metric: MetricName;
  /** The allowed change, as a share of the base: its own, or the floor's. */
  readonly allowed: number;
  /** The absolute change that is always allowed, in the metric's unit. */
  readonly floor: number;
  /** What must not have hidden for a pass without proof, as a share; null: only proof passes. */
  readonly detect: number | null;
  /** Base's own figure, in the metric's unit; null where pairs do not say. */
  readonly level: number | null;
}

/** What the gate says of one metric. */
export type MetricVerdict = Judged &
  (
    | {
        readonly verdict: 'pass';
        /** Within what is allowed; false: only not worse as far as the pairs tell, by `detect`. */
        readonly proven: boolean;
        readonly interval: RatioInterval;
      }
    | { readonly verdict: 'improvement'; readonly interval: RatioInterval }
    | {
        readonly verdict: 'regression';
        /** From the second set alone, which nobody chose for its looks. */
        readonly interval: RatioInterval;
        /** What the first set had shown: the reason for the second. */
        readonly first: RatioInterval;
      }
    | {
        readonly verdict: 'inconclusive';
        /** null where no pair has the metric. */
        readonly interval: RatioInterval | null;
        /** The first set, if it showed a regression that the second neither confirmed nor refuted. */
        readonly suspicion: RatioInterval | null;
        readonly needed: NeededPairs | null;
      }
    | { readonly verdict: 'invalid'; readonly reason: string }
  );

/**
 * About how many pairs a set would take to decide, four times in five, if the ratio is what it was
 * estimated to be, or with how many it would be looked at first; null where that would be hundreds.
 */
export interface NeededPairs {
  readonly pairsPerSet: number;
  /** Of the whole gate: both sets, where a regression is suspected. */
  readonly seconds: number;
}

/** What the gate says over all. */
export type GateVerdict =
  | {
      readonly verdict: 'pass' | 'improvement' | 'regression';
      readonly metrics: readonly MetricVerdict[];
    }
  | {
      readonly verdict: 'invalid' | 'inconclusive';
      /** Why nothing was measured, or what was cannot be trusted; none where the metrics say it. */
      readonly reasons: readonly string[];
      readonly metrics: readonly MetricVerdict[];
    }
  | { readonly verdict: 'no-baseline'; readonly reason: string };

/** From the gravest on; what is none of these is a pass. */
const gravestFirst = ['regression', 'invalid', 'inconclusive', 'improvement'] as const;

/** The gravest verdict of any metric. */
export function gravestVerdict(
  verdicts: readonly MetricVerdict['verdict'][],
): MetricVerdict['verdict'] {
  return gravestFirst.find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

/** What the metrics say together: an improvement of one does not outweigh a doubt in another. */
export function overall(verdicts: readonly MetricVerdict[]): GateVerdict {
  const verdict = gravestVerdict(verdicts.map((it) => it.verdict));
  if (verdict === 'inconclusive') return { verdict, reasons: [], metrics: verdicts };
  if (verdict !== 'invalid') return { verdict, metrics: verdicts };
  const reasons = verdicts.flatMap((it) => (it.verdict === 'invalid' ? [it.reason] : []));
  return { verdict, reasons, metrics: verdicts };
}
