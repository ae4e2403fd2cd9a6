/**
 * How the exchanges of connections are numbered: those of connection c are c·2^b … c·2^b + n−1, where
 * n is how many requests the protocol lets a connection carry at once, and 2^b the least power of two
 * that is no less. Where n is 1, an exchange has its connection's number.
 */
export class ExchangeNumbers {
  readonly connections: number;
  /** How many requests a connection carries at once: 1 in HTTP/1.1, streams in HTTP/2. */
  readonly perConnection: number;
  /** One more than the highest number. */
  readonly count: number;
  readonly #bits: number;

  constructor(connections: number, perConnection: number) {
    this.connections = connections;
    this.perConnection = perConnection;
    this.#bits = Math.ceil(Math.log2(perConnection));
    this.count = connections * 2 ** this.#bits;
  }

  first(connection: number): number {
    return connection << this.#bits;
  }

  connectionOf(exchange: number): number {
    return exchange >>> this.#bits;
  }
}
