import { setTimeout as sleep } from 'node:timers/promises';

/** Asks a server for one page again and again, as a monitoring system does. */
export class Scraper {
  /** Whole answers of status 200. */
  answers = 0;
  /** What went wrong last; null where nothing did. */
  problem: string | null = null;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;

  /** @param everyMillis from the beginning of a question to that of the next, at the least */
  constructor(url: string, everyMillis: number) {
    this.#done = this.#loop(url, everyMillis);
  }

  /** Resolves when no question is under way any more; may be called again. */
  async end(): Promise<void> {
    this.#end.abort();
    await this.#done;
  }

  async #loop(url: string, everyMillis: number): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const due = performance.now() + everyMillis;
      await this.#ask(url, signal);
      const pause = Math.max(1, due - performance.now());
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #ask(url: string, signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch(url, { signal });
      await response.arrayBuffer();
      if (response.ok) this.answers++;
      else this.problem = `${url} answered ${response.status}`;
    } catch (error) {
      if (!signal.aborted) this.problem = `${url}: ${(error as Error).message}`;
    }
  }
}
