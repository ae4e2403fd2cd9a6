import type { PhaseResult } from '../results/figures.js';
import type { TrialResult } from '../results/schema.js';

/** What figures are counted in. A duration is in microseconds, memory in bytes, a share is of 1. */
export type Unit = 'us' | 'bytes' | 'share' | 'perSecond' | 'count' | 'number';

/** What a figure is read from: a trial, or one of its recorded phases, which have the same fields. */
export interface View {
  readonly figures: Pick<
    TrialResult,
    'load' | 'latencyUs' | 'serviceTimeUs' | 'connectUs' | 'sendDelayUs' | 'events' | 'server'
  >;
  /** The trial's recorded phases, or the one phase. */
  readonly phases: readonly PhaseResult[];
}

/** What a run must have for a figure to be there; all but `scheduling` is known before any load. */
export type Need =
  | 'answers'
  | 'rate'
  /** A request that asks for a stream of events. */
  | 'events'
  /** A server process that is known. */
  | 'server'
  /** A server that c1m starts. */
  | 'start'
  /** An idle hold, or several of them with different numbers of connections. */
  | 'hold'
  | 'holds'
  | 'scheduling'
  /** One connection that publishes, and others that receive. */
  | 'fan-out';

/**
 * Which phases of a trial a figure is from: the last closed load, or else the last phase (`loaded`);
 * the last with a rate, or else as `loaded` (`timed`); the idle ones (`holds`); all (`every`); none,
 * since it is of the start (`start`). It can be trusted where all of these can.
 */
export type Source = 'loaded' | 'timed' | 'holds' | 'every' | 'start';

/**
 * How a value bounds the truth. `at-least`: requests were not answered, or the generator was the
 * limit; `at-most`: c1m itself was late.
 */
export type Bound = 'exact' | 'at-least' | 'at-most';

/** One number that c1m measures: its only definition. docs/measuring.md has its meaning and its error. */
export interface Figure {
  /** As `--fail-if`, `--metric`, `--allow` and documents name it. */
  readonly name: string;
  /** As tables head it. */
  readonly title: string;
  /** As sentences name it. */
  readonly label: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /** In its unit: no smaller difference can be seen, since it is measured in such steps; 0: in none. */
  readonly resolution: number;
  readonly needs: readonly Need[];
  readonly source: Source;
  /** Whether each of a scenario's requests has its own. */
  readonly perRequest: boolean;
  /** null where it was not measured. */
  readonly value: (view: View) => number | null | undefined;
  readonly bound: (view: View) => Bound;
  /** Of a value that is therefore at least so much: how many requests were waited for in vain. */
  readonly unanswered: (view: View) => number;
  /** Whether the scenario itself set the value, as a rate sets requests/s: it says nothing of a server. */
  readonly isSet: (view: View) => boolean;
  /** For people. */
  readonly format: (value: number) => string;
}
