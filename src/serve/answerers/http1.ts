import type { Answerer } from './answerer.js';

const response = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!',
);
/** By how many octets of CR LF CR LF have come, of which CR and LF take turns. */
const emptyLine = Buffer.from('\r\n\r\n');

/** A request ends with its head. */
export class Http1Answerer implements Answerer {
  readonly greeting = null;
  #matched = 0;

  answer(octets: Buffer): Buffer {
    let requests = 0;
    for (const octet of octets) {
      if (octet === emptyLine[this.#matched]) this.#matched++;
      else this.#matched = octet === emptyLine[0] ? 1 : 0;
      if (this.#matched < emptyLine.length) continue;
      this.#matched = 0;
      requests++;
    }
    return Buffer.concat(Array.from({ length: requests }, () => response));
  }
}
