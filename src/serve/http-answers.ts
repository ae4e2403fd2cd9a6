import type { Libc } from '../uring/libc.js';
import { FixedAnswer, type FixedAnswers } from './fixed-answer.js';

const body = 'Hello, World!';
/** A client of HTTP/1.0 such as `ab -k` keeps a connection only where it is told so. */
const head = `Content-Type: text/plain\r\nConnection: keep-alive\r\nContent-Length: ${body.length}`;
const response = `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`;

/** Whatever ends with an empty line is answered. */
export class HttpAnswers implements FixedAnswers {
  readonly #libc: Libc;
  readonly #response: FixedAnswer;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#response = new FixedAnswer(libc, Buffer.from(response));
  }

  to(bytes: Uint8Array, _start: number, end: number): FixedAnswer | null {
    return endsWithEmptyLine(bytes, end) ? this.#response : null;
  }

  free(): void {
    this.#response.free(this.#libc);
  }
}

export function endsWithEmptyLine(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 1] === LF && bytes[end - 2] === CR && bytes[end - 3] === LF;
}
const CR = 13;
const LF = 10;
