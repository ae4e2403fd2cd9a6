import { NumberQueue } from '../number-queue.js';

/** The most that all outboxes of a thread may hold: what lies in them is numbered by whole numbers of V8's. */
const mostBytes = 2 ** 31 - 1;
const halves = 2;
const leastBytes = 256;

/** How long each half of an outbox is, where so many octets are wanted; a multiple of 64. */
export function halfBytesFor(connections: number, wanted: number): number {
  const most = Math.floor(mostBytes / halves / connections / 64) * 64;
  return Math.max(leastBytes, Math.min(most, Math.ceil(wanted / 64) * 64));
}

/** How long the memory of all outboxes is. */
export function outboxBytes(connections: number, halfBytes: number): number {
  return connections * halves * halfBytes;
}

/**
 * What a codec has to say, connection by connection, until the transport sends it: all that one turn
 * of the loop adds goes out at once. Each connection has two halves. One is filled while the transport
 * sends from the other, and no half is filled again before its octets are known to be taken.
 */
export class Outbox {
  /** The halves of all connections. */
  readonly bytes: Uint8Array;
  readonly #halfBytes: number;
  readonly #filled: Int32Array;
  /** Which half is being filled. */
  readonly #half: Uint8Array;
  /** 1: the transport still sends from the other half. */
  readonly #held: Uint8Array;
  readonly #dirty: NumberQueue;
  readonly #hungry: NumberQueue;

  constructor(bytes: Uint8Array, connections: number, halfBytes: number) {
    this.bytes = bytes;
    this.#halfBytes = halfBytes;
    this.#filled = new Int32Array(connections);
    this.#half = new Uint8Array(connections);
    this.#held = new Uint8Array(connections);
    this.#dirty = new NumberQueue(connections);
    this.#hungry = new NumberQueue(connections);
  }

  /** Octets that may be added. */
  room(connection: number): number {
    return this.#halfBytes - this.#filled[connection]!;
  }

  /** Where in `bytes` the next octet goes. */
  end(connection: number): number {
    return this.#start(connection) + this.#filled[connection]!;
  }

  /** So many octets stand at `end` and are to be sent. */
  add(connection: number, length: number): void {
    this.#filled[connection] = this.#filled[connection]! + length;
    this.#dirty.push(connection);
  }

  /** There was too little room: the codec is told when there is more. */
  wantRoom(connection: number): void {
    this.#hungry.push(connection);
  }

  /** A connection that wants room and may have it by now; −1: none. */
  nextHungry(): number {
    return this.#next(this.#hungry);
  }

  /** A connection with something to send; −1: none. */
  nextDirty(): number {
    return this.#next(this.#dirty);
  }

  /** How many connections want room, and how many have something to send. */
  get hungry(): number {
    return this.#hungry.size;
  }

  get dirty(): number {
    return this.#dirty.size;
  }

  /** Where in `bytes` stands what `take` returns the length of. */
  start(connection: number): number {
    return this.#start(connection);
  }

  /** Octets that are to be sent from `start`, read before; from now on the other half is filled. */
  take(connection: number): number {
    const length = this.#filled[connection]!;
    if (length === 0) return 0;
    this.#filled[connection] = 0;
    this.#half[connection] = 1 - this.#half[connection]!;
    return length;
  }

  /** What was taken is not sent yet, and nothing more is until `release`. */
  hold(connection: number): void {
    this.#held[connection] = 1;
  }

  release(connection: number): void {
    this.#held[connection] = 0;
    if (this.#filled[connection]! > 0) this.#dirty.push(connection);
    this.#hungry.push(connection);
  }

  isHeld(connection: number): boolean {
    return this.#held[connection] === 1;
  }

  /** Not now: it is asked for again. */
  putBack(connection: number): void {
    this.#dirty.push(connection);
  }

  /** The connection is closed. */
  clear(connection: number): void {
    this.#filled[connection] = 0;
    this.#held[connection] = 0;
  }

  #start(connection: number): number {
    return (connection * halves + this.#half[connection]!) * this.#halfBytes;
  }

  /** One that is held is put on its list again by `release`. */
  #next(list: NumberQueue): number {
    let connection = list.shift();
    while (connection >= 0 && this.#held[connection] === 1) connection = list.shift();
    return connection;
  }
}
