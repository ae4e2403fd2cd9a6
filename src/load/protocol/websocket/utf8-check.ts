/** What a next octet within a character may be: 0x80…0xbf but for some firsts (RFC 3629 §4). */
const least = 0x80;
const most = 0xbf;

/** Whether the texts of each connection are UTF-8 (RFC 6455 §8.1), wherever the octets are cut. */
export class Utf8Check {
  /** By connection: octets that the character still lacks, and between what the next must be. */
  readonly #lacks: Uint8Array;
  readonly #low: Uint8Array;
  readonly #high: Uint8Array;

  constructor(connections: number) {
    this.#lacks = new Uint8Array(connections);
    this.#low = new Uint8Array(connections);
    this.#high = new Uint8Array(connections);
  }

  forget(connection: number): void {
    this.#lacks[connection] = 0;
  }

  /** @param ends the text ends here. @returns whether it may be UTF-8 */
  read(connection: number, bytes: Uint8Array, start: number, end: number, ends: boolean): boolean {
    for (let at = start; at < end; at++) {
      const octet = bytes[at]!;
      const lacks = this.#lacks[connection]!;
      if (lacks === 0) {
        if (octet >= 0x80 && !this.#begin(connection, octet)) return false;
        continue;
      }
      if (octet < this.#low[connection]! || octet > this.#high[connection]!) return false;
      this.#lacks[connection] = lacks - 1;
      this.#low[connection] = least;
      this.#high[connection] = most;
    }
    return !ends || this.#lacks[connection] === 0;
  }

  #begin(connection: number, octet: number): boolean {
    // 0xc0 and 0xc1 would be longer than they need be; from 0xf5 on there is no character.
    if (octet < 0xc2 || octet > 0xf4) return false;
    this.#lacks[connection] = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    this.#low[connection] = octet === 0xe0 ? 0xa0 : octet === 0xf0 ? 0x90 : least;
    // 0xed: surrogates are no characters.
    this.#high[connection] = octet === 0xed ? 0x9f : octet === 0xf4 ? 0x8f : most;
    return true;
  }
}
