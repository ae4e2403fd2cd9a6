import type { Opening } from './opening.js';
import type { LoadPlan, Phase } from './plan.js';
import { originOf } from './transport/origin.js';
import type { ShardOutcome } from './messages.js';
import type { Shard } from './shard.js';
import type { Workload } from './workload/workload.js';

/** What is told of the moment at which the clock ran out. */
type AtEnd = Pick<ShardOutcome, 'openByOrigin' | 'failedByOrigin' | 'usableMicros'>;

/**
 * One shard's part of one phase, and where it stands: its connections are opened (`preparing`), it
 * waits for the others (`prepared`), its clock runs (`running`), what is under way is waited for
 * (`draining`).
 */
export class ShardPhase {
  readonly index: number;
  readonly phase: Phase;
  readonly workload: Workload;
  readonly opening: Opening;
  readonly #shard: Shard;
  readonly #origins: number;
  stage: 'preparing' | 'prepared' | 'running' | 'draining' | 'over' = 'preparing';
  /** When the clock starts, in microseconds of `nowMicros()`. */
  zero = Infinity;
  /** It was given up, since nothing answered. */
  stalled = false;
  atEnd: AtEnd = { openByOrigin: [], failedByOrigin: [], usableMicros: 0 };

  constructor(
    index: number,
    { phases, origins }: LoadPlan,
    shard: Shard,
    workload: Workload,
    opening: Opening,
  ) {
    this.index = index;
    this.phase = phases[index]!;
    this.workload = workload;
    this.opening = opening;
    this.#shard = shard;
    this.#origins = origins.length;
  }

  /** The clock starts. */
  begin(at: number): void {
    this.stage = 'running';
    this.zero = at;
    this.workload.begin(at);
  }

  /** Connections are held; an answer is not enough, they must last. */
  get isHold(): boolean {
    return this.phase.arrival.kind === 'idle';
  }

  /** While it is prepared, each connection has one try, so that this ends. */
  get mayTryAgain(): boolean {
    return this.stage !== 'preparing' && this.stage !== 'prepared';
  }

  /** What is free now may carry a request at once. */
  get isLoading(): boolean {
    return this.stage !== 'draining' && (this.stage === 'running' || this.isHold);
  }

  /** It sends to the origin of this connection. */
  loads(connection: number): boolean {
    const { origin } = this.phase;
    return origin === undefined || originOf(connection, this.#shard, this.#origins) === origin;
  }
}
