import { Errno, Operation } from '../../../uring/abi.js';
import type { Libc } from '../../../uring/libc.js';
import {
  cancel,
  close,
  Kind,
  mostSentQuietly,
  receive,
  send,
  sendInTime,
} from '../../../uring/operations.js';
import { submissions } from '../../../uring/ring-set.js';
import type { EngineSetup } from '../../engine.js';
import { Connector, mostBindAttempts } from './connector.js';
import { ProxyHeaders } from './proxy-headers.js';
import { SlotRings } from './slot-rings.js';
import { planSources } from './source-addresses.js';

/**
 * The sockets of one thread, by slot: each a place in a ring's table of direct descriptors. A slot has
 * a generation that goes up when its socket is closed: what is still said of an earlier one is
 * recognized by it, and not heard. What becomes of them is not told here, but in the rings.
 */
export class Sockets {
  readonly rings: SlotRings;
  readonly generation: Uint16Array;
  readonly #connector: Connector;
  /** null: connections begin without. */
  readonly #headers: ProxyHeaders | null;
  readonly #bindAttempts: Uint8Array;
  /** 1: what was sent is long, and not all of it is with the kernel yet. */
  readonly #unsent: Uint8Array;

  constructor({ plan, slots, shard }: EngineSetup, libc: Libc) {
    this.rings = new SlotRings(libc, slots);
    const sources = planSources(plan, slots * shard.count, shard);
    const canBind = this.rings.set.first.ring.supports(Operation.BIND);
    this.#connector = new Connector(libc, plan.origins, sources, submissions, canBind);
    const { proxyProtocol } = plan;
    this.#headers = proxyProtocol && new ProxyHeaders(libc, proxyProtocol, plan, slots, sources);
    this.generation = new Uint16Array(slots);
    this.#bindAttempts = new Uint8Array(slots);
    this.#unsent = new Uint8Array(slots);
  }

  /** Opens a socket to an origin, by its index. */
  connect(slot: number, origin: number): void {
    this.#bindAttempts[slot] = 0;
    this.#connect(slot, origin);
  }

  /**
   * It could not be set up. A source port that is taken is passed over.
   * @returns whether it is tried again
   */
  setUpAgain(slot: number, origin: number, errno: number): boolean {
    const attempts = this.#bindAttempts[slot]! + 1;
    if (errno !== Errno.EADDRINUSE || attempts === mostBindAttempts) return false;
    this.#bindAttempts[slot] = attempts;
    this.#connect(slot, origin);
    return true;
  }

  /** It is connected: begins it. @returns octets that were sent */
  begin(slot: number): number {
    this.receive(slot);
    if (this.#headers === null) return 0;
    const { ring } = this.rings.of(slot);
    const place = this.rings.placeOf(slot);
    return this.#headers.send(ring, place, slot, this.generation[slot]!);
  }

  receive(slot: number): void {
    receive(this.rings.of(slot).ring, this.rings.placeOf(slot), this.generation[slot]!);
  }

  /** No octets wait for more of them (tcp(7), TCP_NODELAY). */
  neverDelay(slot: number, origin: number): void {
    const { ring } = this.rings.of(slot);
    this.#connector.sendAtOnce(ring, this.rings.placeOf(slot), origin, Kind.ignored);
  }

  /**
   * Sends octets, which stay until the kernel has them.
   * @param isHeard whether it is told when it has, also of few
   */
  send(slot: number, low: number, high: number, length: number, isHeard: boolean): void {
    const { ring } = this.rings.of(slot);
    const place = this.rings.placeOf(slot);
    const generation = this.generation[slot]!;
    this.#unsent[slot] = isHeard || length > mostSentQuietly ? 1 : 0;
    if (isHeard) sendInTime(ring, place, low, high, length, generation);
    else send(ring, place, low, high, length, generation);
  }

  isSending(slot: number): boolean {
    return this.#unsent[slot] === 1;
  }

  /** The kernel has it. */
  sent(slot: number): void {
    this.#unsent[slot] = 0;
  }

  /** Nothing of it is waited for any more. @param sends whether something may wait to be sent */
  cancel(slot: number, isOpening: boolean, sends: boolean): void {
    const { ring } = this.rings.of(slot);
    const place = this.rings.placeOf(slot);
    const generation = this.generation[slot]!;
    cancel(ring, isOpening ? Kind.connect : Kind.receive, place, generation);
    // What waits for room to send would keep the connection open, and read the next request's octets.
    if (sends || this.#unsent[slot] === 1) cancel(ring, Kind.send, place, generation);
  }

  close(slot: number): void {
    close(this.rings.of(slot).ring, this.rings.placeOf(slot));
    this.#unsent[slot] = 0;
    this.generation[slot] = this.generation[slot]! + 1;
  }

  /** Ends a connection by RST; it is still to be closed. */
  abort(slot: number): void {
    this.#connector.abort(this.rings.of(slot).ring, this.rings.placeOf(slot), Kind.ignored);
  }

  /** Nothing may be under way in the rings afterwards that reads a codec's memory. */
  dispose(): void {
    this.rings.set.close();
    this.#connector.free();
    this.#headers?.free();
  }

  #connect(slot: number, origin: number): void {
    const place = this.rings.placeOf(slot);
    this.#connector.connect(
      this.rings.of(slot).ring,
      place,
      origin,
      Kind.setUp | place,
      Kind.connect | place,
      this.generation[slot]!,
    );
    this.#headers?.prepare(slot, origin);
  }
}
