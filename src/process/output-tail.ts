import type { Readable } from 'node:stream';

/** The end of what a process printed. However much that is, only so much is kept. */
export class OutputTail {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes = 64 * 1024) {
    this.#limitBytes = limitBytes;
  }

  follow(stream: Readable | null): void {
    stream?.on('data', (chunk: Buffer) => this.#push(chunk));
    // A pipe that breaks ends the output; the exit of the process says the rest.
    stream?.on('error', () => undefined);
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#limitBytes).toString('utf8').trimEnd();
  }

  /** The last lines, indented for a message, or that there are none. */
  excerpt(lines = 20): string {
    const text = this.text();
    if (text === '') return '  (it printed nothing)';
    return text
      .split('\n')
      .slice(-lines)
      .map((line) => `  ${line}`)
      .join('\n');
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Joined only now and then, so that a talkative process costs little.
    if (this.#bytes > 2 * this.#limitBytes) {
      const kept = Buffer.concat(this.#chunks).subarray(-this.#limitBytes);
      this.#chunks = [Buffer.from(kept)];
      this.#bytes = kept.length;
    }
  }
}

/** The end of what a process printed, as an error quotes it; empty if it said nothing. */
export function lastLines(output: string): string {
  return output.trim().split('\n').slice(-5).join('\n');
}
