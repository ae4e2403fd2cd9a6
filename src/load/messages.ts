import type { Handshakes, Negotiated } from './negotiated.js';
import type { FailureReason } from './failure-reasons.js';
import type { LoadPlan } from './plan.js';
import type { Interval, Tally } from './recorder.js';
import type { Shard } from './shard.js';
import type { NotSent } from './workload/workload.js';

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly plan: LoadPlan;
  readonly shard: Shard;
  readonly spin: boolean;
  /** Of a server of c1m's own on this host, to warm up against; null: go cold. */
  readonly warmUpPort: number | null;
}

/** From the coordinator to a worker. Times are microseconds of `nowMicros()`. */
export type Order =
  /** Open what the phase begins with; answered by `prepared`. */
  | { readonly kind: 'prepare'; readonly phase: number }
  /** The phase's clock starts at this moment; answered by `finished`. */
  | { readonly kind: 'begin'; readonly at: number }
  /** Open no more connections than have been begun; may come at any time. */
  | { readonly kind: 'settle' }
  /** End the phase at once, without waiting for what is in flight; answered by `finished`. */
  | { readonly kind: 'stop' }
  /** Close everything; the thread ends. */
  | { readonly kind: 'exit' };

/** From a worker to the coordinator. */
export type Report =
  /**
   * @property thread the kernel's id of the thread; null where it cannot be told
   * @property cold why it could not warm up; null where it could, or was not to
   */
  | { readonly kind: 'ready'; readonly thread: number | null; readonly cold: string | null }
  | { readonly kind: 'prepared'; readonly phase: number }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** @property whole false for what is left when the phase ends, which is no second */
  | {
      readonly kind: 'interval';
      readonly second: number;
      readonly interval: Interval;
      readonly whole: boolean;
    }
  | { readonly kind: 'finished'; readonly outcome: ShardOutcome };

/** How far a shard is, for people to look at. */
export interface Progress {
  readonly established: number;
  readonly wanted: number;
  readonly sent: number;
  readonly responses: number;
  /** Failed requests and failed handshakes by kind, those that there are. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What a shard did in one phase. */
export interface ShardOutcome {
  readonly phase: number;
  readonly tally: Tally;
  readonly planned: number | null;
  readonly notSent: NotSent;
  readonly inFlight: number;
  /** By origin, connections that were open when the clock ran out. */
  readonly openByOrigin: readonly number[];
  /** By origin, slots that were wanted but could not be opened, or kept open, when it did. */
  readonly failedByOrigin: readonly number[];
  /** Microseconds of all slots together for which they could be used, while the clock ran. */
  readonly usableMicros: number;
  readonly windowMicros: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Nothing was opened or answered for so long that the phase was given up. */
  readonly stalled: boolean;
  /** What its connections speak, those of earlier phases included. */
  readonly negotiated: readonly Negotiated[];
  /** TLS handshakes that were completed for the phase. */
  readonly handshakes: Readonly<Handshakes>;
  /** What was said of failures, in earlier phases included. */
  readonly failureReasons: readonly FailureReason[];
}
