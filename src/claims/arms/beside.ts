import type { RunningServer } from '../../subject/running-server.js';
import { TargetError } from '../../targets/target-error.js';
import { Scraper } from './scraper.js';
import type { Readings } from './setting.js';
import { SystemCalls } from './system-calls.js';

/** What goes on beside a load. */
export interface BesidePlan {
  /** A path on the port of the target's own probe that is asked again and again; null: none is. */
  readonly scrape: { readonly path: string; readonly everyMillis: number } | null;
  /** System calls that are counted, by their names. */
  readonly calls: readonly string[];
}

/** Whether a plan asks for anything. */
export function isAlone({ scrape, calls }: BesidePlan): boolean {
  return scrape === null && calls.length === 0;
}

/** It begins before the load, counts what falls into its last phase, and ends after it. */
export class Beside {
  readonly #scraper: Scraper | null;
  readonly #calls: SystemCalls;
  #counted: Promise<Readings> = Promise.resolve({});
  #begun: Promise<void> = Promise.resolve();

  private constructor(scraper: Scraper | null, calls: SystemCalls) {
    this.#scraper = scraper;
    this.#calls = calls;
  }

  /** @throws TargetError where the target has no port that could be asked */
  static async start({ scrape, calls }: BesidePlan, server: RunningServer): Promise<Beside> {
    const counter = await SystemCalls.start(calls, server.pids);
    if (scrape === null) return new Beside(null, counter);
    const [probeUrl] = server.probeUrls;
    if (probeUrl === undefined) {
      await counter.close();
      throw new TargetError(
        'cannot-start',
        `it has no port beside that of its service, where ${scrape.path} could be asked for`,
        'List probe under serves of its target.yaml, and listen on PROBE_PORT.',
      );
    }
    const url = new URL(scrape.path, probeUrl).href;
    return new Beside(new Scraper(url, scrape.everyMillis), counter);
  }

  begin(): void {
    this.#begun = this.#calls.begin();
  }

  end(): void {
    this.#counted = this.#begun.then(() => this.#calls.end());
    // It is awaited by `readings`, unless the load fails before.
    this.#counted.catch(() => undefined);
  }

  /**
   * @param responses of the phase in which was counted
   * @throws TargetError where what was asked for beside the load was not answered
   */
  async readings(responses: number): Promise<Readings> {
    const counted = Object.entries(await this.#counted);
    const perRequest = counted.map(([name, count]) => [`${name}PerRequest`, count / responses]);
    const readings = Object.fromEntries(perRequest) as Readings;
    if (this.#scraper === null) return readings;
    const { answers, problem } = this.#scraper;
    if (problem !== null || answers === 0) {
      throw new TargetError('wrong-answer', problem ?? 'nothing was answered beside the load');
    }
    return { ...readings, scrapes: answers };
  }

  async close(): Promise<void> {
    await this.#scraper?.end();
    // What is killed before it has said its counts says none.
    await this.#counted.catch(() => undefined);
    await this.#calls.close();
  }
}
