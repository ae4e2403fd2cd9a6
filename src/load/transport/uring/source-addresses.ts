import { addressAt, countAddresses } from '../../../basis/address-range.js';
import type { AddressRange } from '../../../basis/address-range.js';
import type { LoadPlan } from '../../plan.js';
import { arrivalNumber, type Shard } from '../../shard.js';

const lowestPort = 10_000;
/**
 * Up to where the kernel's own choice begins (32,768, ip(7)): whoever lets it choose, on any address,
 * gets none of the ports that are bound here.
 */
const politePorts = 22_768;
const mostPorts = 55_000;

/**
 * Where each connection comes from, planned, so that no pair of address and port is used twice in a
 * run, by whichever shard. Left to itself, the kernel searches for a free port at each connect, which
 * costs 200 µs as the range fills up, and ends at 28,000 ports to one target.
 */
export class SourceAddresses {
  readonly #ranges: AddressRange[];
  readonly #addresses: number;
  readonly #ports: number;
  readonly #period: number;
  readonly #shard: Shard;
  readonly #start: number;
  #next = 0;
  address = 0;
  port = 0;

  /**
   * @param ranges IPv4 addresses as numbers, both ends included
   * @param ports for each address
   * @param start where to begin, so that runs in a row do not meet in TIME_WAIT
   */
  constructor(ranges: readonly AddressRange[], ports: number, shard: Shard, start: number) {
    this.#ranges = [...ranges];
    this.#addresses = countAddresses(ranges);
    this.#ports = ports;
    this.#period = (this.#addresses * ports) / greatestDivisor(this.#addresses, ports);
    this.#shard = shard;
    this.#start = start;
  }

  /**
   * Moves on to the next pair, which `address` and `port` hold then. Both change each time: addresses
   * are used evenly, and a port that is taken on all of them is not met twice in a row.
   */
  advance(): void {
    const all = this.#addresses * this.#ports;
    const number = (this.#start + arrivalNumber(this.#next++, this.#shard)) % all;
    // One further in each period, or the pairs of the first would come again.
    this.port = lowestPort + ((number + Math.floor(number / this.#period)) % this.#ports);
    this.address = addressAt(this.#ranges, number % this.#addresses);
  }
}

/** 127.0.0.0/8 is all this host's, without being set up; 127.0.x.y is left to others. */
const loopback: AddressRange = { first: 0x7f01_0001, last: 0x7ffe_fffe };
/** For four million connections, or for one in TIME_WAIT beside each of two million. */
const loopbackAddresses = 256;

/**
 * Fewer connections find a port of the kernel's own choice, which is what servers expect to see; unless
 * it is to be told to them.
 */
const mostUnplanned = 20_000;

/** null: the kernel chooses. */
export function planSources(
  plan: LoadPlan,
  connections: number,
  shard: Shard,
): SourceAddresses | null {
  const ranges = plan.localAddresses ?? loopbackSources(plan, connections);
  if (ranges === null) return null;
  const ports = connections > countAddresses(ranges) * politePorts ? mostPorts : politePorts;
  // Runs in a row begin far from each other.
  return new SourceAddresses(ranges, ports, shard, process.pid * 104_729);
}

function loopbackSources(
  { origins, proxyProtocol }: LoadPlan,
  connections: number,
): AddressRange[] | null {
  const local = origins.every(({ address }) => address.startsWith('127.'));
  const isPlanned = connections > mostUnplanned || proxyProtocol !== null;
  if (!local || !isPlanned) return null;
  const blocks = Math.floor(countAddresses([loopback]) / loopbackAddresses);
  const first = loopback.first + (process.pid % blocks) * loopbackAddresses;
  return [{ first, last: first + loopbackAddresses - 1 }];
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
