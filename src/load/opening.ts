import type { Connections } from './connections.js';
import type { LoadPlan, Phase } from './plan.js';
import type { Shard } from './shard.js';

/**
 * Where each connection is served once when it opens: so many are not served yet. The kernel makes
 * connections that the server has not accepted, and drops what its queue cannot hold for a second
 * or more; Java's queue has 50 places, asyncio's 100, Node's 511.
 */
const unservedAtOnce = 48;

/** A server that opens fewer in a second is not waited for. */
const fewestPerSecond = 200;
/** Of those that are served as well. */
const fewestServedPerSecond = 20;
/** For a handshake that fails at its timeout to be told as such. */
const marginMicros = 1_000_000;

/**
 * The bound on how long the connections of a phase are waited for: what a rate of opening needs, and
 * the timeout of a handshake beside it; and as soon as nothing more was opened for that timeout. The
 * phase then goes on with what is open.
 */
export class Opening {
  /** null: as many as connections allow. */
  readonly #unservedAtOnce: number | null;
  readonly #endsAt: number;
  readonly #patienceMicros: number;
  #most: number;
  #since: number;

  constructor(
    { connectRatePerSecond, connectTimeoutMicros, timeoutMicros }: LoadPlan,
    { arrival }: Phase,
    shard: Shard,
    { wanted, established }: Connections,
    now: number,
  ) {
    const served = arrival.kind === 'idle' && arrival.touch;
    this.#unservedAtOnce = served ? Math.max(1, Math.floor(unservedAtOnce / shard.count)) : null;
    const slowest = served ? fewestServedPerSecond : fewestPerSecond;
    const rate = Math.min(slowest, connectRatePerSecond ?? Infinity) / shard.count;
    const timeout = connectTimeoutMicros + (served ? timeoutMicros : 0) + marginMicros;
    this.#patienceMicros = timeout + 1e6 / rate;
    this.#endsAt = now + timeout + (1e6 / rate) * Math.max(0, wanted - established);
    this.#most = established;
    this.#since = now;
  }

  /** How many may be under way at once; undefined: any number. @param unserved are open already */
  mostHandshakes(unserved: number): number | undefined {
    return this.#unservedAtOnce === null ? undefined : this.#unservedAtOnce - unserved;
  }

  isOver(now: number, established: number): boolean {
    if (established > this.#most) {
      this.#most = established;
      this.#since = now;
    }
    return now >= this.#endsAt || now - this.#since >= this.#patienceMicros;
  }
}
