import type { SchedulingSource } from '../results/scheduling-source.js';
import type { SchedulingDelay, SchedulingFigures } from '../results/scheduling.js';
import type { LogBuckets } from '../latency/log-buckets.js';

/** What an instrument saw between `begin` and `end`. */
export interface SchedulingReading {
  readonly delayUs: SchedulingDelay | null;
  /** Per request and per second are for the caller, who knows how many there were. */
  readonly counted: Omit<
    SchedulingFigures,
    'contextSwitches' | 'wakeupsPerRequest' | 'migrationsPerRequest' | 'systemCallsPerRequest'
  > & { readonly contextSwitches: { voluntary: number; involuntary: number } | null };
  /** Whole distributions, in nanoseconds, by name. */
  readonly histograms: ReadonlyMap<string, LogBuckets>;
}

/** Watches how a server is scheduled, one phase after the other. */
export interface SchedulingInstrument {
  readonly source: SchedulingSource;
  /** Takes a fraction of a millisecond. */
  begin(): void;
  /** What came between ends at the call, though it takes some time to hand out. */
  end(): Promise<SchedulingReading>;
  /** Leaves nothing behind; may be called again. */
  close(): Promise<void>;
}

/** The instrument cannot work here, or has ceased to. */
export class InstrumentError extends Error {
  override name = 'InstrumentError';
}
