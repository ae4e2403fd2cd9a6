import type { Libc } from '../uring/libc.js';
import { Opcode, opcodeBits } from '../load/protocol/websocket/frames.js';
import { acceptance, keyIn } from './answerers/websocket.js';
import { FixedAnswer, type FixedAnswers } from './fixed-answer.js';
import { endsWithEmptyLine } from './http-answers.js';

/** The first octet of a request. */
const G = 71;
const text = 'Hello, World!';
/** Those that a client of one key for all connections needs; one that has a key for each has its own. */
const mostKeys = 4_096;

/** Each handshake is answered, and each message by a short one; one that comes in pieces, by several. */
export class WebSocketAnswers implements FixedAnswers {
  readonly #libc: Libc;
  readonly #message: FixedAnswer;
  readonly #goodbye: FixedAnswer;
  /** By the client's key, the oldest first. */
  readonly #acceptances = new Map<string, FixedAnswer>();

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#message = new FixedAnswer(libc, Buffer.from([0x81, text.length, ...Buffer.from(text)]));
    this.#goodbye = new FixedAnswer(libc, Buffer.from([0x88, 0]));
  }

  to(bytes: Uint8Array, start: number, end: number): FixedAnswer | null {
    if (bytes[start] === G) {
      return endsWithEmptyLine(bytes, end) ? this.#accept(bytes.subarray(start, end)) : null;
    }
    const opcode = bytes[start]! & opcodeBits;
    if (opcode === Opcode.close) return this.#goodbye;
    return opcode === Opcode.text || opcode === Opcode.binary ? this.#message : null;
  }

  free(): void {
    for (const answer of [this.#message, this.#goodbye, ...this.#acceptances.values()]) {
      answer.free(this.#libc);
    }
  }

  #accept(head: Uint8Array): FixedAnswer {
    const key = keyIn(Buffer.from(head).toString('latin1'));
    const known = this.#acceptances.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#acceptances;
    // What was sent with it is with the kernel since long.
    if (this.#acceptances.size === mostKeys) {
      this.#acceptances.delete(oldest![0]);
      oldest![1].free(this.#libc);
    }
    const answer = new FixedAnswer(this.#libc, acceptance(key));
    this.#acceptances.set(key, answer);
    return answer;
  }
}
