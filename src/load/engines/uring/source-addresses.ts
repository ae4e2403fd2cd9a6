import type { AddressRange, LoadPlan } from '../../plan.js';
import { arrivalNumber, type Shard } from '../../shard.js';

const lowestPort = 10_000;
/** Below the ports that nobody listens on, and above those that most servers do. */
const portsPerAddress = 55_000;

/**
 * Where each connection comes from, planned, so that no pair of address and port is used twice in a
 * run, by whichever shard. Left to itself, the kernel searches for a free port at each connect, which
 * costs 200 µs as the range fills up, and ends at 28,000 ports to one target.
 */
export class SourceAddresses {
  readonly #addresses: AddressRange[];
  readonly #count: number;
  readonly #shard: Shard;
  readonly #start: number;
  #next = 0;
  address = 0;
  port = 0;

  /**
   * @param ranges IPv4 addresses as numbers, both ends included
   * @param start where to begin, so that runs in a row do not meet in TIME_WAIT
   */
  constructor(ranges: readonly AddressRange[], shard: Shard, start: number) {
    this.#addresses = [...ranges];
    this.#count =
      ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) * portsPerAddress;
    this.#shard = shard;
    this.#start = start;
  }

  /** Moves on to the next pair, which `address` and `port` hold then. */
  advance(): void {
    const number = (this.#start + arrivalNumber(this.#next++, this.#shard)) % this.#count;
    let index = Math.floor(number / portsPerAddress);
    this.port = lowestPort + (number - index * portsPerAddress);
    for (const { first, last } of this.#addresses) {
      this.address = first + index;
      if (this.address <= last) return;
      index -= last - first + 1;
    }
  }
}

/** 127.0.0.0/8 is all this host's, without being set up; 127.0.x.y is left to others. */
const loopback: AddressRange = { first: 0x7f01_0001, last: 0x7ffe_fffe };

/** Runs in a row begin far from each other. */
const start = process.pid * 104_729;
/** Fewer connections find a port of the kernel's own choice, which is what servers expect to see. */
const mostUnplanned = 20_000;

/** null: the kernel chooses. */
export function planSources(
  plan: LoadPlan,
  connections: number,
  shard: Shard,
): SourceAddresses | null {
  if (plan.localAddresses !== null) return new SourceAddresses(plan.localAddresses, shard, start);
  const local = plan.origins.every(({ address }) => address.startsWith('127.'));
  if (!local || connections <= mostUnplanned) return null;
  return new SourceAddresses([loopback], shard, start);
}
