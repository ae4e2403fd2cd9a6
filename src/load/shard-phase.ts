import { publishes, type Deliveries } from './deliveries.js';
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
  /** Null: there is no fan-out. */
  readonly deliveries: Deliveries | null;
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
    deliveries: Deliveries | null,
  ) {
    this.index = index;
    this.phase = phases[index]!;
    this.workload = workload;
    this.opening = opening;
    this.deliveries = deliveries;
    this.#shard = shard;
    this.#origins = origins.length;
  }

  /** The clock starts. */
  begin(at: number): void {
    this.stage = 'running';
    this.zero = at;
    this.workload.begin(at);
    this.deliveries?.begin(at, this.phase.durationMicros);
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

  /** What comes is of its clock. */
  get isUnderWay(): boolean {
    return this.stage === 'running' || this.stage === 'draining';
  }

  /** Nothing is under way any more; but what was published may still come. */
  awaitsDeliveries(now: number): boolean {
    return this.deliveries?.areAwaited(now) === true;
  }

  /** It sends on this connection. */
  loads(connection: number): boolean {
    if (this.deliveries !== null) return publishes(connection, this.#shard);
    const { origin } = this.phase;
    return origin === undefined || originOf(connection, this.#shard, this.#origins) === origin;
  }
}
