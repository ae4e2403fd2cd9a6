import { markDigits, numberDigits, phaseDigits, type FanOut } from '../../fan-out.js';

const zero = 0x30;

/** To be told which of a fan-out's messages came. */
interface MarkListener {
  heard(connection: number, phase: number, message: number): void;
}

/**
 * Finds the numbers of a fan-out's messages in what comes, wherever the octets are cut. A server may
 * put several messages into one: each ends where the next begins, the last with the whole.
 */
export class MarkReader {
  readonly #listener: MarkListener;
  readonly #mark: Uint8Array;
  /** By connection: how many digits of a number are there, and what they say so far. */
  readonly #digits: Uint8Array;
  readonly #phase: Int32Array;
  readonly #message: Int32Array;
  /** A number that was found, whose message has not ended; −1: none. */
  readonly #foundPhase: Int32Array;
  readonly #foundMessage: Int32Array;

  constructor(connections: number, { mark }: FanOut, listener: MarkListener) {
    this.#listener = listener;
    this.#mark = Buffer.from(String(mark), 'latin1');
    this.#digits = new Uint8Array(connections);
    this.#phase = new Int32Array(connections);
    this.#message = new Int32Array(connections);
    this.#foundPhase = new Int32Array(connections);
    this.#foundMessage = new Int32Array(connections).fill(-1);
  }

  forget(connection: number): void {
    this.#digits[connection] = 0;
    this.#foundMessage[connection] = -1;
  }

  /** @param ends the message ends here */
  read(connection: number, bytes: Uint8Array, start: number, end: number, ends: boolean): void {
    for (let at = start; at < end; at++) this.#take(connection, bytes[at]!);
    if (!ends) return;
    this.#digits[connection] = 0;
    this.#tell(connection);
  }

  #take(connection: number, octet: number): void {
    const digits = this.#digits[connection]!;
    if (digits < markDigits) {
      if (octet === this.#mark[digits]) this.#digits[connection] = digits + 1;
      else this.#digits[connection] = octet === this.#mark[0] ? 1 : 0;
      return;
    }
    const digit = octet - zero;
    if (digit < 0 || digit > 9) {
      this.#digits[connection] = 0;
      return;
    }
    const place = digits - markDigits;
    if (place === 0) this.#phase[connection] = 0;
    if (place === phaseDigits) this.#message[connection] = 0;
    const part = place < phaseDigits ? this.#phase : this.#message;
    part[connection] = part[connection]! * 10 + digit;
    this.#digits[connection] = digits + 1;
    if (digits + 1 === numberDigits) this.#found(connection);
  }

  /** The same number twice in a row is one message that holds it twice. */
  #found(connection: number): void {
    this.#digits[connection] = 0;
    const [phase, message] = [this.#phase[connection]!, this.#message[connection]!];
    const isSame =
      this.#foundMessage[connection] === message && this.#foundPhase[connection] === phase;
    if (isSame) return;
    this.#tell(connection);
    this.#foundPhase[connection] = phase;
    this.#foundMessage[connection] = message;
  }

  #tell(connection: number): void {
    const message = this.#foundMessage[connection]!;
    if (message < 0) return;
    this.#foundMessage[connection] = -1;
    this.#listener.heard(connection, this.#foundPhase[connection]!, message);
  }
}
