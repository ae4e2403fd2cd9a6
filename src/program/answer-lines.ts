import type { Readable } from 'node:stream';

/** An answer with a sample for each of a million operations takes 12 MB. */
const longestBytes = 64 * 2 ** 20;

/** The lines that a program prints, one at a time; a line that is too long is cut off as one. */
export class AnswerLines {
  readonly #lines: string[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  #waiting: ((line: string) => void) | null = null;

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    // A pipe that breaks ends the output; the exit of the process says the rest.
    stream.on('error', () => undefined);
  }

  /** Lines that came without being waited for. */
  takeUnasked(): readonly string[] {
    return this.#lines.splice(0);
  }

  /** Never resolves if there is no further line. */
  next(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  #take(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#chunks.push(chunk.subarray(from, at));
      this.#emit();
      from = at + 1;
    }
    this.#chunks.push(chunk.subarray(from));
    this.#bytes += chunk.length - from;
    if (this.#bytes > longestBytes) this.#emit();
  }

  #emit(): void {
    const line = Buffer.concat(this.#chunks).toString('utf8');
    this.#chunks = [];
    this.#bytes = 0;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#lines.push(line);
    else waiting(line);
  }
}
