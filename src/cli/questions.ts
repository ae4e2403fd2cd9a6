import { createInterface, type Interface } from 'node:readline/promises';

/** Questions on the terminal. Ctrl-C and Ctrl-D break them off, with an AbortError. */
export class Questions {
  readonly #lines: Interface;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    const brokenOff = new AbortController();
    this.#lines = createInterface({ input: process.stdin, output: process.stdout });
    this.#lines.on('SIGINT', () => brokenOff.abort());
    this.#lines.on('close', () => brokenOff.abort());
    // The terminal is gone.
    this.#lines.on('error', () => brokenOff.abort());
    this.#signal = AbortSignal.any([signal, brokenOff.signal]);
  }

  /** An empty answer takes what is proposed; without a proposal it is asked again. */
  async ask(question: string, proposed: string | null): Promise<string> {
    const shown = proposed === null ? '' : ` [${proposed}]`;
    for (;;) {
      const answer = await this.#lines.question(`${question}${shown} `, { signal: this.#signal });
      if (answer.trim() !== '') return answer.trim();
      if (proposed !== null) return proposed;
    }
  }

  async confirm(question: string): Promise<boolean> {
    const answer = await this.#lines.question(`${question} [Y/n] `, { signal: this.#signal });
    return !/^\s*n/i.test(answer);
  }

  close(): void {
    this.#lines.close();
  }
}
