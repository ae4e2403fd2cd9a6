import type { ExchangeNumbers } from './exchange-numbers.js';

/** Which exchanges have a request under way, and how many of them each connection carries. */
export class UnderWay {
  readonly #numbers: ExchangeNumbers;
  /** By exchange. 1: its request is under way. */
  readonly #busy: Uint8Array;
  readonly #carried: Uint16Array;
  /** Requests under way. */
  count = 0;

  constructor(numbers: ExchangeNumbers) {
    this.#numbers = numbers;
    this.#busy = new Uint8Array(numbers.count);
    this.#carried = new Uint16Array(numbers.connections);
  }

  began(exchange: number): void {
    const connection = this.#numbers.connectionOf(exchange);
    this.#busy[exchange] = 1;
    this.#carried[connection] = this.#carried[connection]! + 1;
    this.count++;
  }

  /** Its request was answered, or failed. */
  ended(exchange: number): void {
    const connection = this.#numbers.connectionOf(exchange);
    this.#busy[exchange] = 0;
    this.#carried[connection] = this.#carried[connection]! - 1;
    this.count--;
  }

  isBusy(exchange: number): boolean {
    return this.#busy[exchange] === 1;
  }

  isCarriedBy(connection: number): boolean {
    return this.#carried[connection]! > 0;
  }
}
